package org.spike2former.accel;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/** A tensor of a {@link Plan}: a buffer that some step fills when the plan runs. */
final class Symbol extends Tensor {
  /** Spikes are bytes. */
  static final int MOST_SPIKES = 127;

  private final Buffer buffer;
  private final int maxSpikes;

  private Symbol(Buffer buffer, DType dtype, double scale, int maxSpikes, int... shape) {
    super(dtype, scale, shape);
    this.buffer = buffer;
    this.maxSpikes = maxSpikes;
    if (Shape.size(shape) != buffer.length()) {
      throw new ShapeException(buffer + " does not have the shape " + Shape.toString(shape));
    }
  }

  /** Real numbers. */
  static Symbol real(Buffer buffer, int... shape) {
    return new Symbol(buffer, DType.F32, 1, 0, shape);
  }

  /** Spikes 0…maxSpikes. */
  static Symbol spikes(Buffer buffer, double scale, int maxSpikes, int... shape) {
    return new Symbol(buffer, DType.SPIKES, scale, maxSpikes, shape);
  }

  /** Labels. */
  static Symbol labels(Buffer buffer, int... shape) {
    return new Symbol(buffer, DType.LABELS, 1, 0, shape);
  }

  /** A tensor like this one in another buffer. */
  Symbol like(Buffer other, int... shape) {
    return new Symbol(other, dtype(), scale(), maxSpikes, shape);
  }

  /** The tensor with these numbers, float[] or byte[]. */
  Tensor holding(Object numbers) {
    return Plan.tensor(this, numbers);
  }

  /** The tensor full of zeros. */
  Tensor zeros() {
    return holding(dtype().isReal() ? new float[size()] : new byte[size()]);
  }

  Buffer buffer() {
    return buffer;
  }

  /** No spike is greater; 0 for real numbers and labels. */
  int maxSpikes() {
    return maxSpikes;
  }

  @Override
  public Tensor reshape(int... shape) {
    return like(buffer, shape);
  }

  @Override
  public Tensor rescaled(double scale) {
    require(DType.SPIKES);
    return spikes(buffer, scale, maxSpikes, shape());
  }

  @Override
  public Tensor to(DType real) {
    if (real == dtype()) {
      return this;
    }
    throw new Unsupported("numbers of another type than float32");
  }
}
