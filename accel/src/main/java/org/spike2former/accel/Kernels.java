package org.spike2former.accel;

/** What a device can do. */
@FunctionalInterface
public interface Kernels {
  /** Why the device cannot do the operation; null if it can. */
  String missing(Operation operation);
}
