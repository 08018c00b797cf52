package org.spike2former.tensor;

/** Element types that the operations compute with. File formats have more; see {@code io}. */
public enum DType {
  /** 32-bit floating point, stored as {@code float[]}. */
  F32(4),
  /** 64-bit floating point, stored as {@code double[]}. */
  F64(8),
  /** Integer spikes 0…127, stored as {@code byte[]}; a tensor of spikes also has a scale. */
  SPIKES(1),
  /** Classes 0…255 of a label map, stored as {@code byte[]} to be read unsigned. */
  LABELS(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are real numbers rather than spikes or labels. */
  public boolean isReal() {
    return this == F32 || this == F64;
  }
}
