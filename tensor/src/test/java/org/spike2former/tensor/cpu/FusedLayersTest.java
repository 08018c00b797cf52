package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

/** Fused operations give the bits of the operations that they are defined by. */
class FusedLayersTest {
  private static final double SCALE = 0.25;

  /** Has the interface's own definition of the fused operations. */
  private static final class Parts extends ForwardingOps {
    Parts(Ops ops) {
      super(ops);
    }
  }

  private static WeightLayer layer(Samples samples, int kind, int cin, int cout, int stride) {
    return switch (kind) {
      case 0 -> samples.dense(cin, cout, 1, 1, 0);
      case 1 -> samples.dense(cin, cout, 3, stride, 1);
      default -> samples.depthwise(cin, 5, stride, 2);
    };
  }

  @Property(tries = 120)
  void fusedLayersEqualTheirParts(
      @ForAll long seed,
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(min = 1, max = 70) int cin,
      @ForAll @IntRange(min = 1, max = 300) int cout,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll boolean spikes,
      @ForAll boolean single) {
    Samples samples = new Samples(seed);
    Precision precision = single ? Precision.F32 : Precision.F64;
    WeightLayer layer = layer(samples, kind, cin, cout, stride);
    Tensor x = samples.input(spikes, precision, 2, height, 9, cin);
    for (String backend : List.of("scalar", "vector")) {
      try (Workers workers = new Workers(2)) {
        Ops fused = Backends.create(Backend.of(backend), precision, workers);
        Ops parts = new Parts(fused);
        Tensor fired = fused.layerSpikes(x, layer, "n", 4, SCALE);
        assertThat(fired.bitEquals(parts.layerSpikes(x, layer, "n", 4, SCALE))).isTrue();
        Tensor residual = samples.real(precision, fired.shape());
        Tensor sum = fused.addLayer(residual, x, layer, "b");
        assertThat(sum.bitEquals(parts.addLayer(residual, x, layer, "b"))).isTrue();
      }
    }
  }

  /** From the second run on, a sum takes the place of the residual that nobody else reads. */
  @Property(tries = 60)
  void sumsComeOverTheirResidual(
      @ForAll long seed,
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(min = 1, max = 70) int cin,
      @ForAll @IntRange(min = 1, max = 300) int cout,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll WeightType weights) {
    Samples samples = new Samples(seed);
    WeightLayer layer = layer(samples, kind, cin, cout, 1);
    Tensor x = samples.input(true, Precision.F32, 2, height, 9, cin);
    for (Backend backend : List.of(Backend.SCALAR, Backend.VECTOR)) {
      try (Workers workers = new Workers(2)) {
        Ops ops = Backends.create(backend, Precision.F32, weights, workers);
        Tensor half = ops.layer(x, layer);
        Tensor expected = new Parts(ops).addLayer(ops.add(half, half), x, layer, "b");
        for (int run = 0; run < 3; run++) {
          ops.beginRun(true, "sum");
          Tensor residual = ops.add(half, half);
          Tensor sum = ops.addLayer(residual, x, layer, "b");
          ops.endRun(true);
          assertThat(sum.floats() == residual.floats()).isEqualTo(run > 0);
          assertThat(sum.bitEquals(expected)).isTrue();
        }
      }
    }
  }

  @Property(tries = 50)
  void batchNormsAreEqual(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 100) int channels,
      @ForAll @IntRange(min = 1, max = 100) int rows) {
    Samples samples = new Samples(seed);
    Parameter[] p = new Parameter[4];
    for (int i = 0; i < p.length; i++) {
      p[i] = new Parameter("p" + i, true, channels);
      p[i].set(samples.real(Precision.F64, channels));
    }
    p[3].set(Tensor.of(samples.real(Precision.F64, channels).doubles().clone(), channels));
    for (int i = 0; i < channels; i++) {
      p[3].value().doubles()[i] = Math.abs(p[3].value().doubles()[i]);
    }
    BatchNorm norm = new BatchNorm(p[0], p[1], p[2], p[3]);
    for (Precision precision : Precision.values()) {
      Tensor x = samples.real(precision, rows, channels);
      try (Workers workers = new Workers(2)) {
        Tensor scalar = Backends.create(Backend.SCALAR, precision, workers).batchNorm(x, norm);
        Tensor vector = Backends.create(Backend.VECTOR, precision, workers).batchNorm(x, norm);
        assertThat(vector.bitEquals(scalar)).isTrue();
      }
    }
  }
}
