package org.spike2former.accel.tornado;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.accel.Device;
import org.spike2former.accel.OffloadException;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices that TornadoVM's drivers report. */
final class TornadoDevices {
  private TornadoDevices() {}

  static List<Device> list() {
    List<Device> devices = new ArrayList<>();
    try {
      TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
      for (int driver = 0; driver < runtime.getNumBackends(); driver++) {
        TornadoBackend backend = runtime.getBackend(driver);
        for (int index = 0; index < backend.getNumDevices(); index++) {
          devices.add(describe(driver, index, backend));
        }
      }
    } catch (RuntimeException | LinkageError | TornadoInternalError e) {
      throw new OffloadException(
          "TornadoVM finds no driver; install one (for OpenCL on the CPU: PoCL): " + firstLine(e),
          e);
    }
    if (devices.isEmpty()) {
      throw new OffloadException(
          "TornadoVM finds no device; install a driver for it (for OpenCL on the CPU: PoCL)");
    }
    return devices;
  }

  private static Device describe(int driver, int index, TornadoBackend backend) {
    TornadoDevice device = backend.getDevice(index);
    return new Device(
        driver,
        index,
        String.valueOf(backend.getBackendType()),
        device.getPhysicalDevice().getDeviceName().strip(),
        String.valueOf(device.getDeviceType()),
        device.getMaxGlobalMemory(),
        device.getMaxAllocMemory());
  }

  /** TornadoVM's name for a device. */
  static TornadoDevice of(Device device) {
    return TornadoRuntimeProvider.getTornadoRuntime()
        .getBackend(device.driver())
        .getDevice(device.index());
  }

  /** What an error says, in one line. */
  static String firstLine(Throwable error) {
    Throwable cause = error;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    // TornadoVM colours its messages and puts a trace into them.
    String text =
        String.valueOf(cause.getMessage()).replaceAll("\u001b\\[[0-9;]*m|Stacktrace:.*", "");
    return cause.getClass().getSimpleName() + ": " + text.strip().lines().findFirst().orElse("");
  }
}
