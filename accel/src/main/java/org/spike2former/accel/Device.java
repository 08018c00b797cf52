package org.spike2former.accel;

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
  /** Whether it is there to compute faster than the processor does. */
  public boolean isAccelerator() {
    return !kind.endsWith("CPU");
  }

  @Override
  public String toString() {
    return api + " on " + name;
  }
}
