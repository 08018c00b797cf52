package org.spike2former.tensor;

/**
 * A named tensor of a checkpoint: a weight, or a buffer such as a running mean. It keeps PyTorch's
 * name, shape and layout; an {@link Ops} implementation packs it as it likes.
 */
public final class Parameter {
  private final String name;
  private final int[] shape;
  private final boolean trainable;
  private Tensor value;

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
    return value != null;
  }

  /**
   * The value, in PyTorch's layout.
   *
   * @throws IllegalStateException if none has been set
   */
  public Tensor value() {
    if (value == null) {
      throw new IllegalStateException("parameter " + name + " has no value");
    }
    return value;
  }

  /**
   * Sets the value.
   *
   * @throws ShapeException if it has another shape
   */
  public void set(Tensor newValue) {
    Shape.require(name, shape, newValue.shape());
    value = newValue;
  }
}
