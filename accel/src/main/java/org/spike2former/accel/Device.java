package org.spike2former.accel;

import org.spike2former.accel.operation.Lanes;

/**
 * A device that a driver reports.
 *
 * @param driver number of the driver
 * @param index number of the device of that driver
 * @param api the driver's interface, such as OpenCL or PTX
 * @param name the device's name
 * @param kind such as CPU, GPU or ACCELERATOR
 * @param memoryBytes its memory
 * @param largestArrayBytes the largest piece of memory that it gives
 */
public record Device(
    int driver,
    int index,
    String api,
    String name,
    String kind,
    long memoryBytes,
    long largestArrayBytes) {
  private static final String LANES = "s2f.accel.lanes";

  /** Whether it is there to compute faster than the processor does. */
  public boolean isAccelerator() {
    return !kind.endsWith("CPU");
  }

  /**
   * How its work-items share out channels: by its kind, or as system property {@code
   * s2f.accel.lanes} says.
   *
   * @throws IllegalArgumentException if the property names neither {@code vectors} nor {@code
   *     warps}
   */
  public Lanes lanes() {
    String asked = System.getProperty(LANES, "");
    if (asked.isEmpty()) {
      return kind.endsWith("GPU") ? Lanes.WARPS : Lanes.VECTORS;
    }
    return switch (asked) {
      case "vectors" -> Lanes.VECTORS;
      case "warps" -> Lanes.WARPS;
      default ->
          throw new IllegalArgumentException(LANES + ": expected vectors or warps, found " + asked);
    };
  }

  /** Whether it multiplies four pairs of bytes in one instruction, by way of TornadoVM. */
  public boolean multipliesPacks() {
    return api.equals("PTX") || api.equals("CUDA");
  }

  @Override
  public String toString() {
    return api + " on " + name;
  }
}
