package org.spike2former.accel.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.spike2former.accel.Device;
import org.spike2former.accel.MemoryPlan;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/** Writes the sources of kernels, one file each. */
final class KernelWriter {
  private KernelWriter() {}

  /** A file that is not there yet, to which TornadoVM can write. */
  static Path temporary() {
    try {
      Path file = Files.createTempFile("kernel", ".cl");
      Files.delete(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compiles each step alone and moves what TornadoVM has written.
   *
   * @param written the file of {@link TornadoSettings#writeKernels}
   */
  static void write(Map<Path, Step> files, Path written) {
    Device device = TornadoDevices.list().get(0);
    for (Map.Entry<Path, Step> file : files.entrySet()) {
      Step step = file.getValue();
      Plan alone = Plan.of(step);
      try {
        // Never closed: a described device has no memory to free, and the command ends soon.
        new TornadoExecutable(alone, new MemoryPlan(alone), device, device.lanes()).prepare();
      } catch (RuntimeException | TornadoInternalError e) {
        throw new OffloadException(
            "the kernel of " + step + " does not compile: " + TornadoDevices.firstLine(e), e);
      }
      try {
        Files.move(written, file.getKey());
      } catch (IOException e) {
        throw new OffloadException(
            "the kernel of " + step + " was not written to " + file.getKey() + ": " + e, e);
      }
    }
  }
}
