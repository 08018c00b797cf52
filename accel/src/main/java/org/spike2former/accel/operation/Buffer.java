package org.spike2former.accel.operation;

/**
 * An array that steps read and write; it has no storage of its own until a device gives it some.
 *
 * <p>Compared by identity.
 */
public final class Buffer {
  /** Element types. */
  public enum Type {
    /** float32. */
    FLOATS(4),
    /** Signed bytes: spikes k, labels. */
    BYTES(1),
    /** int32. */
    INTS(4);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of an element. */
    public int bytes() {
      return bytes;
    }
  }

  private final Type type;
  private final int length;
  private final Object constant;
  private final Buffer whole;
  private final int from;

  private Buffer(Type type, int length, Object constant) {
    this.type = type;
    this.length = length;
    this.constant = constant;
    this.whole = this;
    this.from = 0;
  }

  private Buffer(Buffer whole, int from, int length) {
    this.type = whole.type;
    this.length = length;
    this.constant = null;
    this.whole = whole;
    this.from = from;
  }

  /** A buffer that a step fills, or an image. */
  public static Buffer of(Type type, int length) {
    return new Buffer(type, length, null);
  }

  /** A buffer with these numbers, which never change; they are not copied. */
  public static Buffer constant(float[] numbers) {
    return new Buffer(Type.FLOATS, numbers.length, numbers);
  }

  /** As {@link #constant(float[])}. */
  public static Buffer constant(byte[] numbers) {
    return new Buffer(Type.BYTES, numbers.length, numbers);
  }

  /** As {@link #constant(float[])}. */
  public static Buffer constant(int[] numbers) {
    return new Buffer(Type.INTS, numbers.length, numbers);
  }

  /** Neighbouring elements of a buffer that a step fills, for a step that reads no others. */
  public Buffer part(int start, int elements) {
    if (isConstant() || start < 0 || elements > length - start) {
      throw new IllegalArgumentException(elements + " elements from " + start + " of " + this);
    }
    return new Buffer(whole, from + start, elements);
  }

  /** The buffer of which this is a part, or this. */
  public Buffer whole() {
    return whole;
  }

  /** Where a part begins. */
  public int from() {
    return from;
  }

  /** Element type. */
  public Type type() {
    return type;
  }

  /** Number of elements. */
  public int length() {
    return length;
  }

  /** Size in bytes. */
  public long bytes() {
    return (long) length * type.bytes();
  }

  /** Whether its numbers never change. */
  public boolean isConstant() {
    return constant != null;
  }

  /** The numbers of a constant: float[], byte[] or int[]; null for others. */
  public Object constant() {
    return constant;
  }

  /**
   * Refuses a buffer that is not what an operation needs there.
   *
   * @param part what the operation calls it
   * @throws IllegalArgumentException naming the part
   */
  void require(String part, Type needed, long elements) {
    if (whole != this) {
      throw new IllegalArgumentException(part + ": expected a whole buffer, found " + this);
    }
    requirePart(part, needed, elements);
  }

  /** As {@link #require}, where a part of a buffer will do. */
  void requirePart(String part, Type needed, long elements) {
    if (type != needed || length != elements) {
      throw new IllegalArgumentException(
          part + ": expected " + needed + "[" + elements + "], found " + this);
    }
  }

  @Override
  public String toString() {
    String kind = isConstant() ? "constant " : "";
    return kind + type + "[" + length + "]" + (whole == this ? "" : " from " + from);
  }
}
