package org.spike2former.accel;

/**
 * What a device can do at most.
 *
 * @param name its name
 * @param floatOperations float32 operations in a second, a multiply-add being two
 * @param integerOperations int32 operations in a second
 * @param bytes bytes that its memory moves in a second
 * @param lanes work-items that have to be there for all of it
 * @param source where the numbers are from
 */
public record Roof(
    String name,
    double floatOperations,
    double integerOperations,
    double bytes,
    long lanes,
    String source) {
  /** Operations in a second that so many work-items allow. */
  private double peak(LaunchWork work) {
    double peak = work.integer() ? integerOperations : floatOperations;
    return peak * Math.min(1, (double) work.workItems() / lanes);
  }

  /** Seconds that a launch takes at least: for its operations or for its bytes. */
  public double seconds(LaunchWork work) {
    double forBytes = work.bytes() / bytes;
    return work.operations() == 0 ? forBytes : Math.max(forBytes, work.operations() / peak(work));
  }

  /** Share of the device's operations that a launch can use; NaN if it has none. */
  public double share(LaunchWork work) {
    double most = work.integer() ? integerOperations : floatOperations;
    return work.operations() == 0 ? Double.NaN : work.operations() / seconds(work) / most;
  }

  /** What holds a launch back: {@code memory}, {@code work-items} or {@code operations}. */
  public String limit(LaunchWork work) {
    if (work.operations() == 0 || work.operations() / peak(work) < work.bytes() / bytes) {
      return "memory";
    }
    return work.workItems() < lanes ? "work-items" : "operations";
  }
}
