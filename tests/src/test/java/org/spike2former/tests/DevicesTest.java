package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users see where there is no device. */
class DevicesTest {
  private static final Path SAMPLE = S2f.ROOT.resolve("samples/street.jpg");

  @TempDir private Path folder;

  private S2f.Run segment(Path home, Object... backend) throws Exception {
    Object[] arguments = new Object[backend.length + 4];
    arguments[0] = "segment";
    arguments[1] = SAMPLE;
    arguments[2] = "-o";
    arguments[3] = folder.resolve("out");
    System.arraycopy(backend, 0, arguments, 4, backend.length);
    return S2f.runWithTornado(home, folder, arguments);
  }

  private void assertRefused(S2f.Run run, String message) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void withoutTornadoVmADeviceIsRefusedInOneLineWithTheRemedy() throws Exception {
    assertRefused(segment(null, "--backend", "tornado"), "set TORNADOVM_HOME to its folder");
    assertRefused(segment(null, "--backend=tornado:0:0"), "TORNADOVM_HOME is not set");
  }

  @Test
  void aFolderThatIsNoSdkIsNamed() throws Exception {
    assertRefused(segment(folder, "--backend", "tornado"), folder + " has no tornado-argfile");
    assertRefused(segment(folder, "--backend=Tornado", "-v"), folder + " has no tornado-argfile");
  }

  @Test
  void anSdkForAnotherJdkIsNamed() throws Exception {
    Path jars = Files.createDirectories(folder.resolve("share/java/tornado"));
    Files.createFile(folder.resolve("tornado-argfile"));
    Files.createFile(jars.resolve("tornado-api-5.2.0-jdk21.jar"));
    assertRefused(segment(folder, "--backend", "tornado"), "was not built for JDK 25");
  }

  @Test
  void autoComputesOnTheCpuAndSaysSo() throws Exception {
    Path image = Files.copy(SAMPLE, folder.resolve("tornado devices.jpg"));
    S2f.Run run = segment(folder, image, "--backend", "AUTO");
    assertThat(run.code()).isZero();
    assertThat(run.errorLines()).singleElement().asString().endsWith("; the CPU computes");
    assertThat(run.out()).contains("street-labels.png").contains("tornado devices-labels.png");
  }

  @Test
  void devicesListsTheCpuAndWhatIsMissing() throws Exception {
    S2f.Run run = S2f.runWithTornado(null, folder, "devices");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("processors").contains("tornado      none: TORNADOVM_HOME is");
  }

  @Test
  void devicesSaysOnceThatAFolderIsNoSdk() throws Exception {
    S2f.Run run = S2f.runWithTornado(folder, folder, "devices");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("tornado      none: TORNADOVM_HOME=" + folder + " has no tornado-argfile");
    assertThat(run.errorLines()).isEmpty();
  }

  @Test
  void kernelsOfADeviceAreRefusedWithoutAnSdk() throws Exception {
    Path out = folder.resolve("out");
    assertRefused(
        S2f.runWithTornado(folder, folder, "accel", "kernels", "-o", out),
        folder + " has no tornado-argfile");
  }
}
