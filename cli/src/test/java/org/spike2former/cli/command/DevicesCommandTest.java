package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

/** What users see where there is no device. */
class DevicesCommandTest {
  @TempDir private Path folder;

  private Run segment(Object... backend) {
    Stream<Object> command =
        Stream.of(
            "segment", InProcess.ROOT.resolve("samples/street.jpg"), "-o", folder.resolve("out"));
    return InProcess.run(Stream.concat(command, Stream.of(backend)).toArray());
  }

  private void assertRefused(Run run, String message) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void withoutTornadoVmADeviceIsRefusedInOneLineWithTheRemedy() {
    assertRefused(segment("--backend", "tornado"), "set TORNADOVM_HOME to its folder");
    assertRefused(segment("--backend=tornado:0:0"), "TORNADOVM_HOME is not set");
  }

  @Test
  void otherPrecisionsAndNamesAreRefused() throws Exception {
    assertRefused(
        segment("--backend", "tornado", "--precision", "f64"), "with --precision f32 alone");
    assertRefused(segment("--backend", "gpu"), "tornado[:DRIVER:DEVICE], found gpu");
  }

  @Test
  void devicesListsTheCpuAndWhatIsMissing() {
    Run run = InProcess.run("devices");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("processors").contains("tornado      none: TORNADOVM_HOME is");
  }

  @Test
  void kernelsOfADeviceAreNotWrittenWithoutTornadoVm() throws Exception {
    Path out = folder.resolve("out");
    assertRefused(
        InProcess.run("accel", "kernels", "--device", "intel-arria-10", "-o", out),
        "TORNADOVM_HOME is not set");
    assertRefused(
        InProcess.run("accel", "kernels", "--device", "nosuch", "-o", out),
        "nosuch: no such description of a device; there are intel-arria-10, xilinx-alveo-u50");
    assertRefused(
        InProcess.run("accel", "kernels", "-o", out.resolve("deep")), "its folder does not exist");
  }

  @Test
  void optionsOfOtherKernelsAreRefused() {
    Path out = folder.resolve("out");
    assertRefused(
        InProcess.run("accel", "kernels", "--fpga", "--all", "-o", out), "of TornadoVM's kernels");
    assertRefused(
        InProcess.run("accel", "kernels", "--vectors", "2", "-o", out),
        "expected --vectors of at least 0, with --fpga, found 2");
    assertRefused(
        InProcess.run("accel", "kernels", "--fpga", "--vectors", "-1", "-o", out), "found -1");
  }

  @Test
  void kernelsGoToAFolderOfTheirOwn() throws Exception {
    Path kept = Files.writeString(folder.resolve("kept"), "kept");
    Run run = InProcess.run("accel", "kernels", "-o", folder);
    assertRefused(run, "is not empty");
    assertRefused(InProcess.run("accel", "kernels", "-o", kept), "is a file");
    assertThat(kept).hasContent("kept");
  }
}
