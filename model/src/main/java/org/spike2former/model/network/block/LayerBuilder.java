package org.spike2former.model.network.block;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/** Assembles a {@link WeightLayer} and registers its parameters. */
public final class LayerBuilder {
  private final Scope scope;
  private final String child;
  private final WeightLayer.Kind kind;
  private final Parameter weight;
  private final int out;
  private Parameter bias;
  private final List<BatchNorm> norms = new ArrayList<>();
  private int stride = 1;
  private int padding;

  LayerBuilder(Scope scope, String child, WeightLayer.Kind kind, int... shape) {
    this.scope = scope;
    this.child = child;
    this.kind = kind;
    this.out = shape[0];
    this.weight = scope.weight(child + ".weight", shape);
  }

  /** Adds a bias. */
  public LayerBuilder bias() {
    bias = scope.weight(child + ".bias", out);
    return this;
  }

  /** Moves the window by so many pixels; otherwise by one. */
  public LayerBuilder stride(int step) {
    stride = step;
    return this;
  }

  /** Puts zeros around a map; otherwise none. */
  public LayerBuilder padding(int pixels) {
    padding = pixels;
    return this;
  }

  /** Adds a BatchNorm after the layer; its name is relative to the scope. */
  public LayerBuilder norm(String name) {
    norms.add(scope.norm(name, out));
    return this;
  }

  /** The layer. */
  public WeightLayer build() {
    return new WeightLayer(scope.name(child), kind, weight, bias, norms, stride, padding);
  }
}
