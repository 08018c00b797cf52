package org.spike2former.accel;

import org.spike2former.accel.operation.Operation;

/** What a device can do. */
@FunctionalInterface
public interface DeviceCapabilities {
  /** Why the device cannot do operations of a kind; null if it can. */
  String missing(Operation.Kind kind);
}
