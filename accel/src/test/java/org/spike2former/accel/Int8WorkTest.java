package org.spike2former.accel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

class Int8WorkTest {
  private static WeightLayer layer(WeightLayer.Kind kind, int stride, int pad, int... shape) {
    Parameter weight = new Parameter("w", true, shape);
    weight.set(Tensor.zeros(DType.F32, shape));
    return new WeightLayer("layer", kind, weight, null, List.of(), stride, pad);
  }

  private static Tensor network(Ops ops, Tensor x) {
    Tensor spikes = ops.spikes(x, 4, 0.25);
    Tensor thin =
        ops.layerSpikes(
            spikes, layer(WeightLayer.Kind.DEPTHWISE, 1, 1, 6, 1, 3, 3), "neuron", 4, 0.25);
    Tensor wide = ops.layer(thin, layer(WeightLayer.Kind.DENSE, 1, 0, 5, 6, 1, 1));
    Tensor fired = ops.spikes(wide, 4, 0.25);
    return ops.addLayer(wide, fired, layer(WeightLayer.Kind.DENSE, 1, 1, 5, 5, 3, 3), "block");
  }

  @Test
  void layersAreCounted() {
    try (Workers workers = new Workers(1)) {
      Ops host = Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, workers);
      Plan plan =
          Plan.of(
              (ops, in) -> network(ops, in.get(0)),
              List.of(Tensor.zeros(DType.F32, 2, 7, 3, 6)),
              _ -> null,
              host,
              WeightType.INT8);
      List<Int8Work> layers = Int8Work.of(plan);
      assertThat(layers)
          .extracting(Int8Work::kernel)
          .containsExactly("int8_depthwise_spikes", "int8_linear_finish", "int8_dense_residual");
      int pixels = 2 * 7 * 3;
      assertThat(layers)
          .extracting(Int8Work::multiplyAdds)
          .containsExactly(pixels * 9L * 6, pixels * 6L * 5, pixels * 9L * 5 * 5);
      assertThat(layers)
          .extracting(Int8Work::weightBytes)
          .containsExactly(9L * 6, 6L * 5, 9L * 5 * 5);
      // Four thresholds of 32 bits, or a scale and a bias, for each channel.
      assertThat(layers)
          .extracting(Int8Work::parameterBytes)
          .containsExactly(16L * 6, 8L * 5, 8L * 5);
      assertThat(layers.get(0).spikeBytes()).isEqualTo(pixels * 6L);
    }
  }
}
