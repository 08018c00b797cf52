package org.spike2former.accel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A way to compute on devices. Implementations are found by {@link java.util.ServiceLoader}; they
 * must load even where nothing that they need is installed.
 */
public interface Offload {
  /** What users call it, such as {@code tornado}. */
  String name();

  /**
   * The devices that are there.
   *
   * @throws OffloadException saying what is missing and how to get it
   */
  List<Device> devices();

  /**
   * Opens a device.
   *
   * @throws OffloadException if it fails
   */
  Session open(Device device);

  /**
   * Writes the source that each step's kernel is compiled to. Only as the first use of devices in a
   * JVM.
   *
   * @param files where the kernel of each step goes; none exists yet
   * @param description a file that describes a device, which need not be there; null for the first
   *     device that is
   * @throws OffloadException if a kernel is not compiled or written
   */
  void writeKernels(Map<Path, Step> files, Path description);

  /** A device in use. */
  interface Session extends AutoCloseable {
    /** What is in use. */
    Device device();

    /** What the device can do. */
    DeviceCapabilities capabilities();

    /**
     * Makes a plan ready to run: allocates, uploads constants, compiles.
     *
     * @throws OffloadException if there is no room, or naming the kernel that does not compile
     */
    Executable compile(Plan plan);

    /** Gives the device back; what was compiled for it is closed before. */
    @Override
    void close();
  }

  /** A plan on a device. */
  interface Executable extends AutoCloseable {
    /**
     * Runs.
     *
     * @param inputs float[] or byte[] of the plan's inputs
     * @return the output's numbers, float[] or byte[]
     */
    Object run(List<Object> inputs);

    /** Runs, and measures. */
    Object run(List<Object> inputs, RunReport report);

    @Override
    void close();
  }
}
