package org.spike2former.tensor;

/** The floating-point type that a network is computed in. */
public enum Precision {
  /** 32-bit: what networks are trained and deployed in. */
  F32(DType.F32, "float32"),
  /** 64-bit: a reference against which rounding shows. */
  F64(DType.F64, "float64");

  private final DType type;
  private final String title;

  Precision(DType type, String title) {
    this.type = type;
    this.title = title;
  }

  /** The type of real tensors. */
  public DType type() {
    return type;
  }

  /** The name in reports, {@code float32} or {@code float64}. */
  public String title() {
    return title;
  }
}
