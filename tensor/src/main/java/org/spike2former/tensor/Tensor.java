package org.spike2former.tensor;

import java.util.Arrays;

/**
 * A dense row-major array of numbers with a shape. Inside the network the layout is channels last:
 * {@code [T·B, H, W, C]} for maps and {@code [T·B, N, C]} for tokens, with T the slower part of the
 * first axis.
 *
 * <p>A tensor of spikes holds integers k and one {@linkplain #scale() scale}; the number that an
 * element stands for is {@code k·scale} ({@code model.md} section 1). A tensor of labels is a
 * result; operations refuse it.
 */
public class Tensor {
  private final DType dtype;
  private final int[] shape;
  private final Object data;
  private final double scale;

  /** A tensor that shares the storage of another, possibly under another shape. */
  protected Tensor(Tensor other, int... shape) {
    this(other.dtype, other.storage(), other.scale, shape);
    if (Shape.size(shape) != other.size()) {
      throw new ShapeException(
          "cannot reshape " + Shape.toString(other.shape) + " to " + Shape.toString(shape));
    }
  }

  /**
   * A tensor whose numbers are elsewhere, or not there until {@link #storage} is asked for them.
   */
  protected Tensor(DType dtype, double scale, int... shape) {
    this(dtype, null, scale, shape);
  }

  private Tensor(DType dtype, Object data, double scale, int... shape) {
    this.dtype = dtype;
    this.data = data;
    this.scale = scale;
    this.shape = shape.clone();
  }

  /** A float32 tensor over {@code data}, which is not copied. */
  public static Tensor of(float[] data, int... shape) {
    requireLength(data.length, shape);
    return new Tensor(DType.F32, data, 1, shape);
  }

  /** A float64 tensor over {@code data}, which is not copied. */
  public static Tensor of(double[] data, int... shape) {
    requireLength(data.length, shape);
    return new Tensor(DType.F64, data, 1, shape);
  }

  /** Spikes k over {@code data}, which is not copied; an element stands for {@code k·scale}. */
  public static Tensor spikes(byte[] data, double scale, int... shape) {
    requireLength(data.length, shape);
    return new Tensor(DType.SPIKES, data, scale, shape);
  }

  /** A label map over {@code data}, which is not copied; bytes are unsigned. */
  public static Tensor labels(byte[] data, int... shape) {
    requireLength(data.length, shape);
    return new Tensor(DType.LABELS, data, 1, shape);
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, int... shape) {
    int size = Shape.size(shape);
    return switch (dtype) {
      case F32 -> of(new float[size], shape);
      case F64 -> of(new double[size], shape);
      case SPIKES -> spikes(new byte[size], 1, shape);
      case LABELS -> labels(new byte[size], shape);
    };
  }

  /** A shape without numbers, for runs that follow shapes alone; reading an element fails. */
  public static Tensor shapeOnly(DType dtype, int... shape) {
    Shape.size(shape);
    return new Tensor(dtype, null, 1, shape);
  }

  private static void requireLength(int length, int... shape) {
    if (Shape.size(shape) != length) {
      throw new ShapeException(length + " elements do not fill shape " + Shape.toString(shape));
    }
  }

  /** Element type. */
  public DType dtype() {
    return dtype;
  }

  /** A copy of the shape. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of axes. */
  public int rank() {
    return shape.length;
  }

  /** Extent of an axis; negative axes count from the end. */
  public int dim(int axis) {
    return shape[axis < 0 ? shape.length + axis : axis];
  }

  /** Number of elements. */
  public int size() {
    return Shape.size(shape);
  }

  /** What a spike of 1 stands for; 1 for real tensors and labels. */
  public double scale() {
    return scale;
  }

  /** The storage of a float32 tensor, not a copy. */
  public float[] floats() {
    require(DType.F32);
    return (float[]) numbers();
  }

  /** The storage of a float64 tensor, not a copy. */
  public double[] doubles() {
    require(DType.F64);
    return (double[]) numbers();
  }

  /** The storage of a tensor of spikes or labels, not a copy. */
  public byte[] bytes() {
    if (dtype != DType.LABELS) {
      require(DType.SPIKES);
    }
    return (byte[]) numbers();
  }

  /** The array of the type that {@link #dtype} says; null where the numbers are elsewhere. */
  protected Object storage() {
    return data;
  }

  private Object numbers() {
    Object numbers = storage();
    if (numbers == null) {
      throw new IllegalStateException("the numbers of " + this + " are elsewhere");
    }
    return numbers;
  }

  /** Refuses another type than the wanted one. */
  protected final void require(DType wanted) {
    if (dtype != wanted) {
      throw new IllegalStateException("a tensor of " + dtype + " was used as " + wanted);
    }
  }

  /** The number that element {@code index} (row-major) stands for. */
  public double get(int index) {
    return switch (dtype) {
      case F32 -> ((float[]) numbers())[index];
      case F64 -> ((double[]) numbers())[index];
      case SPIKES -> ((byte[]) numbers())[index] * scale;
      case LABELS -> Byte.toUnsignedInt(((byte[]) numbers())[index]);
    };
  }

  /** The same tensor in storage of its own. */
  public Tensor copy() {
    return switch (dtype) {
      case F32 -> of(floats().clone(), shape);
      case F64 -> of(doubles().clone(), shape);
      case SPIKES -> spikes(bytes().clone(), scale, shape);
      case LABELS -> labels(bytes().clone(), shape);
    };
  }

  /** The same elements under another shape, sharing storage. */
  public Tensor reshape(int... newShape) {
    return new Tensor(this, newShape);
  }

  /** The same spikes under another scale, sharing storage. */
  public Tensor rescaled(double newScale) {
    require(DType.SPIKES);
    return spikes(bytes(), newScale, shape);
  }

  /** This tensor's numbers in a real type; the tensor itself where it has that type already. */
  public Tensor to(DType real) {
    if (real == dtype) {
      return this;
    }
    int size = size();
    switch (real) {
      case F32 -> {
        float[] out = new float[size];
        for (int i = 0; i < size; i++) {
          out[i] = (float) get(i);
        }
        return of(out, shape);
      }
      case F64 -> {
        double[] out = new double[size];
        if (numbers() instanceof float[] in) {
          for (int i = 0; i < size; i++) {
            out[i] = in[i];
          }
        } else {
          for (int i = 0; i < size; i++) {
            out[i] = get(i);
          }
        }
        return of(out, shape);
      }
      default -> throw new IllegalArgumentException("numbers do not convert to " + real);
    }
  }

  /** Whether shapes, types, scales and every bit of the elements are equal. */
  public boolean bitEquals(Tensor other) {
    if (dtype != other.dtype || scale != other.scale || !Arrays.equals(shape, other.shape)) {
      return false;
    }
    return switch (dtype) {
      case F32 -> {
        boolean equal = true;
        for (int i = 0; equal && i < size(); i++) {
          equal =
              Float.floatToRawIntBits(floats()[i]) == Float.floatToRawIntBits(other.floats()[i]);
        }
        yield equal;
      }
      case F64 -> {
        boolean equal = true;
        for (int i = 0; equal && i < size(); i++) {
          equal =
              Double.doubleToRawLongBits(doubles()[i])
                  == Double.doubleToRawLongBits(other.doubles()[i]);
        }
        yield equal;
      }
      case SPIKES, LABELS -> Arrays.equals(bytes(), other.bytes());
    };
  }

  @Override
  public String toString() {
    return dtype + Shape.toString(shape);
  }
}
