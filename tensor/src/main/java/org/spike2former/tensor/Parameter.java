package org.spike2former.tensor;

import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * A named tensor of a checkpoint: a weight, or a buffer such as a running mean. It keeps PyTorch's
 * name, shape and layout; an {@link Ops} implementation packs it as it likes.
 */
public final class Parameter {
  private final String name;
  private final int[] shape;
  private final boolean trainable;
  private Tensor value;

  /** Reads the value anew; null where it is here alone. */
  private Supplier<Tensor> again;

  /** A parameter without a value yet. */
  public Parameter(String name, boolean trainable, int... shape) {
    this.name = name;
    this.trainable = trainable;
    this.shape = shape.clone();
  }

  /** PyTorch's name, for example {@code backbone.downsample1_1.encode_conv.weight}. */
  public String name() {
    return name;
  }

  /** A copy of the shape. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public int size() {
    return Shape.size(shape);
  }

  /** Whether training changes it by its gradient (a buffer it does not). */
  public boolean trainable() {
    return trainable;
  }

  /** Whether a value has been set. */
  public boolean isSet() {
    return value != null || again != null;
  }

  /**
   * The value, in PyTorch's layout. One that was {@linkplain #release released} is read each time.
   *
   * @throws IllegalStateException if none has been set
   * @throws UncheckedIOException if it was released and cannot be read any more
   */
  public Tensor value() {
    Tensor kept = value;
    if (kept != null) {
      return kept;
    }
    if (again == null) {
      throw new IllegalStateException("parameter " + name + " has no value");
    }
    return again.get();
  }

  /**
   * Sets the value.
   *
   * @throws ShapeException if it has another shape
   */
  public void set(Tensor newValue) {
    set(newValue, null);
  }

  /**
   * Sets a value that need not stay in memory: it is for inference, which never changes it.
   *
   * @param source gives the same numbers again, or throws; null if the value is to stay
   * @throws ShapeException if it has another shape
   */
  public void set(Tensor newValue, Supplier<Tensor> source) {
    Shape.require(name, shape, newValue.shape());
    value = newValue;
    again = source;
  }

  /** Whether changes of the value's elements last: they do not where it may be read again. */
  public boolean isChangeable() {
    return again == null;
  }

  /** Called by who has a form of its own of the value: lets it go, if it can be read again. */
  public void release() {
    if (again != null) {
      value = null;
    }
  }
}
