package org.spike2former.snn.energy;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/** A shape that knows which neuron layer's spikes it is, or is a linear image of. */
final class TracedShape extends Tensor {
  private final String neuron;

  /**
   * A shape.
   *
   * @param neuron null where it does not come from a single neuron layer
   */
  TracedShape(DType dtype, String neuron, int... shape) {
    this(Tensor.shapeOnly(dtype, shape), neuron, shape);
  }

  private TracedShape(Tensor same, String neuron, int... shape) {
    super(same, shape);
    this.neuron = neuron;
  }

  static String neuron(Tensor x) {
    return x instanceof TracedShape traced ? traced.neuron : null;
  }

  @Override
  public Tensor reshape(int... newShape) {
    return new TracedShape(this, neuron, newShape);
  }

  @Override
  public Tensor rescaled(double newScale) {
    return this;
  }
}
