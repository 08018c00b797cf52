package org.spike2former.accel;

import java.util.ArrayList;
import java.util.List;

/** What one run of a plan did, as the device's driver measured it. */
public final class RunReport {
  /**
   * A kernel's launch.
   *
   * @param step what it did
   * @param nanoseconds time on the device
   */
  public record Launch(Step step, long nanoseconds) {}

  private final List<Launch> launches = new ArrayList<>();
  private long bytesToDevice;
  private long bytesToHost;
  private long memoryBytes;

  /** A kernel ran. */
  public void launched(Step step, long nanoseconds) {
    launches.add(new Launch(step, nanoseconds));
  }

  /** Bytes crossed the bus. */
  public void moved(long toDevice, long toHost) {
    bytesToDevice += toDevice;
    bytesToHost += toHost;
  }

  /** The plan needs this much memory on the device. */
  public void needs(long bytes) {
    memoryBytes = bytes;
  }

  /** Bytes that the plan needs on the device, as estimated before it was made ready. */
  public long memoryBytes() {
    return memoryBytes;
  }

  /** Launches in order. */
  public List<Launch> launches() {
    return List.copyOf(launches);
  }

  /** Bytes from the host to the device. */
  public long bytesToDevice() {
    return bytesToDevice;
  }

  /** Bytes from the device to the host. */
  public long bytesToHost() {
    return bytesToHost;
  }
}
