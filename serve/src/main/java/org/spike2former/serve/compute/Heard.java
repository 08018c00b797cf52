package org.spike2former.serve.compute;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.spike2former.model.report.CostTable;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.snn.energy.EnergyModel;
import org.spike2former.snn.firing.LayerFiring;

/**
 * What was heard of the network's spikes while it ran on an image.
 *
 * @param height of the network's input
 * @param width of the network's input
 * @param layers how each neuron layer fired, in the order in which they did
 */
public record Heard(int height, int width, List<LayerFiring> layers) {
  /** All spikes. */
  public long spikes() {
    long sum = 0;
    for (LayerFiring layer : layers) {
      long[] histogram = layer.histogram();
      for (int k = 1; k < histogram.length; k++) {
        sum += k * histogram[k];
      }
    }
    return sum;
  }

  /** The paper's energy model at these rates. */
  public EnergyModel energy(EnergyCosts costs) {
    ToDoubleFunction<String> rates =
        layers.stream().collect(Collectors.toMap(LayerFiring::name, LayerFiring::meanSpikes))::get;
    return new EnergyModel(costs, rates);
  }

  /** The whole network as inference runs it on an input of this size. */
  public CostTable.PartCost whole(ServedModel model) {
    return CostTable.total(
        "as inference runs it", model.costs(height, width), model.network().parameters());
  }

  /** The same by part and stage. */
  public List<CostTable.PartCost> parts(ServedModel model) {
    return CostTable.rows(model.costs(height, width), model.network().parameters());
  }
}
