package org.spike2former.accel;

import java.util.List;
import java.util.ServiceLoader;

/** Finds ways to offload, and devices by their names on the command line. */
public final class Offloads {
  /** The way that the project has. */
  public static final String TORNADO = "tornado";

  /**
   * The launcher says here why it started Java without TornadoVM although TORNADOVM_HOME is set.
   */
  private static final String PROBLEM = "s2f.no-device";

  private static final String INSTALL =
      "install TornadoVM (https://www.tornadovm.org), set TORNADOVM_HOME to its folder and build"
          + " with mvn -Ptornado package";

  private Offloads() {}

  /** Whether a backend's name asks for a device. */
  public static boolean isDevice(String backend) {
    return backend.equals(TORNADO) || backend.startsWith(TORNADO + ":");
  }

  /** Whether this JVM has a way to offload, though its devices may be missing. */
  public static boolean isThere() {
    return ServiceLoader.load(Offload.class).findFirst().isPresent();
  }

  /**
   * The first device that computes faster than the processor.
   *
   * @throws OffloadException saying why there is none
   */
  public static Offload.Session openAccelerator() {
    Offload offload = find(TORNADO);
    for (Device device : offload.devices()) {
      if (device.isAccelerator()) {
        return offload.open(device);
      }
    }
    throw new OffloadException("TornadoVM has no GPU or other accelerator here");
  }

  /**
   * The way of this name.
   *
   * @throws OffloadException saying what to install if it is not there
   */
  public static Offload find(String name) {
    for (Offload offload : ServiceLoader.load(Offload.class)) {
      if (offload.name().equals(name)) {
        return offload;
      }
    }
    String problem = System.getProperty(PROBLEM);
    if (problem != null) {
      throw new OffloadException(problem);
    }
    throw new OffloadException(
        System.getenv("TORNADOVM_HOME") == null
            ? "TORNADOVM_HOME is not set; " + INSTALL
            : "the offload to TornadoVM is not built; build it with mvn -Ptornado package");
  }

  /**
   * Opens {@code tornado}, its first device, or {@code tornado:driver:device}.
   *
   * @throws OffloadException if anything is missing
   * @throws IllegalArgumentException for another form
   */
  public static Offload.Session open(String backend) {
    String[] parts = backend.split(":", -1);
    if (parts.length != 1 && parts.length != 3) {
      throw new IllegalArgumentException(
          "expected backend " + TORNADO + " or " + TORNADO + ":DRIVER:DEVICE, found " + backend);
    }
    Offload offload = find(parts[0]);
    List<Device> devices = offload.devices();
    if (parts.length == 1) {
      return offload.open(devices.get(0));
    }
    int driver = number(parts[1], backend);
    int index = number(parts[2], backend);
    for (Device device : devices) {
      if (device.driver() == driver && device.index() == index) {
        return offload.open(device);
      }
    }
    throw new OffloadException("there is no device " + backend + "; s2f devices lists them");
  }

  private static int number(String text, String backend) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected numbers in backend " + backend, e);
    }
  }
}
