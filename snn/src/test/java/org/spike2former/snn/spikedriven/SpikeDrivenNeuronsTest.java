package org.spike2former.snn.spikedriven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spike2former.snn.Lif;
import org.spike2former.snn.Neuron;
import org.spike2former.snn.NiLif;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightLayer;

/** Neurons after spike-driven layers and attention. */
class SpikeDrivenNeuronsTest {
  private static final Workers WORKERS = new Workers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  /** Thresholds on integers fire what rounding the scaled sum fires, ties included. */
  @Property(tries = 60)
  void attention(
      @ForAll @IntRange(min = 1, max = 8) int maxSpikes,
      @ForAll @IntRange(min = 1, max = 40) int tokens,
      @ForAll boolean single,
      @ForAll long seed) {
    Samples samples = new Samples(seed);
    Precision real = single ? Precision.F32 : Precision.F64;
    int heads = samples.between(1, 3);
    int width = samples.between(1, 30);
    Tensor q = samples.spikes(maxSpikes, 1.0 / maxSpikes, 2, 5, heads * width);
    Tensor k = samples.spikes(maxSpikes, 1.0 / maxSpikes, 2, tokens, heads * width);
    Tensor v = samples.spikes(maxSpikes, 1.0 / maxSpikes, 2, tokens, heads * 3);
    double scale = samples.between(0, 1) == 0 ? 0.5 / tokens : 1 / Math.sqrt(width);
    Ops cpu = Backends.create(Backend.SCALAR, real, WORKERS);
    SpikeDrivenOps ops = new SpikeDrivenOps(cpu, maxSpikes, Backend.AUTO, WORKERS);

    Tensor expected = cpu.attention(q, k, v, heads, scale);
    Tensor found = ops.attention(q, k, v, heads, scale);

    Tensor fired = ops.spikes(found, maxSpikes, 0.25);
    assertThat(fired.bitEquals(cpu.spikes(expected, maxSpikes, 0.25))).isTrue();
    assertThat(ops.counts().multiplications(OperationKind.ATTENTION_SCALE)).isZero();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i));
    }
    assertThat(ops.counts().multiplications(OperationKind.ATTENTION_SCALE))
        .isEqualTo(expected.size());
    assertThat(ops.counts().multiplications(OperationKind.ATTENTION)).isZero();
  }

  /** Membranes multiply, weight layers still do not. */
  @Test
  void neuronsWithMemory() {
    Samples samples = new Samples(1);
    Ops cpu = Backends.create(Backend.SCALAR, Precision.F64, WORKERS);
    Tensor x = samples.spikes(4, 0.25, 6, 3, 3, 5);
    WeightLayer layer = samples.dense(5, 8, 3, 1, 1);
    for (Neuron neuron :
        List.of(
            new NiLif("n", 4, 0.25, 0.5, 3, 1),
            new Lif("n", 0.7, 0.9, 1, 3, 1),
            new Lif("n", 1, 1, 1, 3, 1))) {
      SpikeDrivenOps ops = new SpikeDrivenOps(cpu, 4, Backend.AUTO, WORKERS);
      Tensor expected = neuron.fireAfter(cpu, x, layer);
      assertThat(expected.bytes()).contains(0, 1);
      assertThat(neuron.fireAfter(ops, x, layer).bitEquals(expected)).isTrue();
      assertThat(ops.counts().multiplications(OperationKind.NEURON_FED)).isZero();
      assertThat(ops.counts().additions(OperationKind.NEURON_FED)).isPositive();
      assertThat(ops.counts().multiplications(OperationKind.MEMBRANES)).isPositive();
    }
  }
}
