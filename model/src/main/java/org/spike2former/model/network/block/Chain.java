package org.spike2former.model.network.block;

import java.util.List;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/** Units one after another; the potentials between them are used nowhere else. */
public record Chain(List<Unit> units) implements Block {
  /** These units. */
  public Chain(Unit... units) {
    this(List.of(units));
  }

  @Override
  public Tensor forward(Ops ops, Tensor x) {
    return ops.layer(lastSpikes(ops, fire(ops, x)), lastLayer());
  }

  @Override
  public Tensor addTo(Ops ops, Tensor residual, Tensor x, String block) {
    return ops.addLayer(residual, lastSpikes(ops, fire(ops, x)), lastLayer(), block);
  }

  /** The first unit's spikes. */
  public Tensor fire(Ops ops, Tensor x) {
    return units.getFirst().neuron().fire(ops, x);
  }

  /** What {@link #forward} does after the first unit's spikes. */
  public Tensor forwardSpikes(Ops ops, Tensor spikes) {
    return ops.layer(lastSpikes(ops, spikes), lastLayer());
  }

  private Tensor lastSpikes(Ops ops, Tensor spikes) {
    Tensor s = spikes;
    for (int i = 1; i < units.size(); i++) {
      s = units.get(i).neuron().fireAfter(ops, s, units.get(i - 1).layer());
    }
    return s;
  }

  private WeightLayer lastLayer() {
    return units.getLast().layer();
  }
}
