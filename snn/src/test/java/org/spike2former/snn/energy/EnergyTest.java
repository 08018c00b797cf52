package org.spike2former.snn.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.snn.Neuron;
import org.spike2former.snn.NiLif;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightLayer.Kind;

class EnergyTest {
  private static final EnergyCosts COSTS = new EnergyCosts("45 nm", 4.6, 0.9, "paper");
  private static final double TINY = 1e-18;

  private final CostOps ops = new CostOps(query -> query.startsWith("linear."));

  private static WeightLayer layer(String name, Kind kind, int... shape) {
    Parameter weight = new Parameter(name + ".weight", true, shape);
    return new WeightLayer(name, kind, weight, null, List.of(), 1, shape[shape.length - 1] / 2);
  }

  private Tensor fire(String neuron, int... shape) {
    Neuron of = new NiLif(neuron, 4, 0.25, 0, 1, 1);
    return of.fire(ops, Tensor.shapeOnly(DType.F32, shape));
  }

  /** 4·5 positions of 3 channels, each a window of 3·3·2: 1080; half a spike each: 540. */
  @Test
  void aLayerOnSpikesAddsForEverySpike() {
    ops.layer(fire("n", 1, 4, 5, 2), layer("conv", Kind.DENSE, 3, 2, 3, 3));
    LayerCost cost = ops.layers().get(0);
    assertThat(cost).isEqualTo(new LayerCost("conv", "n", true, 1080));
    EnergyModel model = new EnergyModel(COSTS, _ -> 0.5);
    assertThat(model.accumulates(cost)).isEqualTo(540);
    assertThat(model.energy(cost)).isCloseTo(540 * 0.9e-9, within(TINY));
    assertThat(model.unfoldedEnergy(cost)).isEqualTo(model.energy(cost));
    assertThat(model.annEnergy(cost)).isCloseTo(1080 * 4.6e-9, within(TINY));
  }

  @Test
  void aLayerOnRealNumbersMultiplies() {
    Tensor image = Tensor.shapeOnly(DType.F32, 2, 4, 5, 2);
    ops.layer(image, layer("stem", Kind.DENSE, 3, 2, 3, 3));
    LayerCost cost = ops.layers().get(0);
    assertThat(cost).isEqualTo(new LayerCost("stem", null, false, 2160));
    EnergyModel model = new EnergyModel(COSTS, _ -> 0.5);
    assertThat(model.accumulates(cost)).isZero();
    assertThat(model.energy(cost)).isCloseTo(2160 * 4.6e-9, within(TINY));
  }

  /** A depthwise layer and a 1×1 after it, as in SDTv2's SepConv; then a sum ends the chain. */
  @Test
  void aChainOfLayersSeesTheSpikesThatEnterIt() {
    Tensor spikes = fire("n", 1, 4, 4, 2);
    Tensor mixed = ops.layer(spikes, layer("depthwise", Kind.DEPTHWISE, 2, 1, 3, 3));
    Tensor out = ops.layer(mixed, layer("pointwise", Kind.DENSE, 5, 2, 1, 1));
    ops.layer(ops.add(out, out), layer("after", Kind.DENSE, 5, 5, 1, 1));
    assertThat(ops.layers())
        .containsExactly(
            new LayerCost("depthwise", "n", true, 16 * 9 * 2),
            new LayerCost("pointwise", "n", false, 16 * 2 * 5),
            new LayerCost("after", null, false, 16 * 5 * 5));
    EnergyModel model = new EnergyModel(COSTS, _ -> 2);
    LayerCost pointwise = ops.layers().get(1);
    assertThat(model.energy(pointwise)).isCloseTo(160 * 2 * 0.9e-9, within(TINY));
    assertThat(model.unfoldedEnergy(pointwise)).isCloseTo(160 * 4.6e-9, within(TINY));
  }

  /** 7 queries, 11 keys, 6 channels, values of 12 channels, 2 heads. */
  @Test
  void attentionCountsItsTwoProductsInTheOrderOfTheNetwork() {
    for (String path : List.of("linear.", "square.")) {
      Tensor q = fire(path + "q_spike", 1, 7, 6);
      Tensor k = fire(path + "k_spike", 1, 11, 6);
      Tensor v = fire(path + "v_spike", 1, 11, 12);
      assertThat(ops.attention(q, k, v, 2, 1).shape()).containsExactly(1, 7, 12);
    }
    assertThat(ops.layers())
        .containsExactly(
            new LayerCost("linear.k*v", "linear.k_spike", true, 2 * 11 * 3 * 6),
            new LayerCost("linear.q*kv", "linear.q_spike", true, 2 * 7 * 3 * 6),
            new LayerCost("square.q*k", "square.q_spike", true, 7 * 11 * 6),
            new LayerCost("square.qk*v", "square.v_spike", true, 7 * 11 * 12));
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    WeightLayer layer = layer("conv", Kind.DENSE, 3, 2, 3, 3);
    assertThatThrownBy(() -> ops.layer(fire("n", 1, 4, 5, 4), layer))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("conv: expected 2 channels, found shape [1, 4, 5, 4]");
  }

  @Test
  void energiesMustBePositive() {
    assertThatThrownBy(() -> new EnergyCosts("x", 4.6, 0, "")).hasMessageContaining("ac 0.0");
    assertThatThrownBy(() -> new EnergyCosts("x", Double.NaN, 1, "")).hasMessageContaining("NaN");
  }
}
