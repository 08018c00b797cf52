package org.spike2former.tensor.io;

import org.spike2former.tensor.DType;

/** Element types of tensor files; the names are those of the safetensors format. */
public enum ElementType {
  /** IEEE 754 half precision. */
  F16(2, DType.F32),
  /** The upper half of a float32. */
  BF16(2, DType.F32),
  /** IEEE 754 single precision. */
  F32(4, DType.F32),
  /** IEEE 754 double precision. */
  F64(8, DType.F64),
  /** Signed byte. */
  I8(1, DType.F32),
  /** Unsigned byte. */
  U8(1, DType.F32),
  /** Signed 16-bit integer. */
  I16(2, DType.F32),
  /** Signed 32-bit integer. */
  I32(4, DType.F64),
  /** Signed 64-bit integer; beyond 2⁵³ it is rounded when read as float64. */
  I64(8, DType.F64),
  /** One byte, true where it is not zero. */
  BOOL(1, DType.F32),
  /** Any other type, of a tensor that cannot be read. */
  OTHER(0, DType.F32);

  private final int bytes;
  private final DType readAs;

  ElementType(int bytes, DType readAs) {
    this.bytes = bytes;
    this.readAs = readAs;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether the elements are floating-point numbers. */
  public boolean isReal() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  /** The real type of the tensor that {@link TensorArchive#read} makes of it. */
  public DType readAs() {
    return readAs;
  }
}
