package org.spike2former.snn.spikedriven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightLayer;

/** Additions with the Vector API against those one by one: the same bits and counts. */
class VectorAdditionsTest {
  private static final Workers ONE = new Workers(1);
  private static final Workers THREE = new Workers(3);

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  private static void compare(Precision real, int steps, Tensor spikes, WeightLayer layer) {
    SpikeDrivenOps scalar = ops(real, steps, Backend.SCALAR, ONE);
    Tensor expected = scalar.layer(spikes, layer);
    expected.get(0); // computes it
    long additions = scalar.counts().additions(OperationKind.NEURON_FED);
    for (Workers workers : new Workers[] {ONE, THREE}) {
      SpikeDrivenOps vector = ops(real, steps, Backend.VECTOR, workers);
      Tensor found = vector.layer(spikes, layer);
      assertThat(found.shape()).isEqualTo(expected.shape());
      for (int i = 0; i < expected.size(); i++) {
        assertThat(Double.doubleToRawLongBits(found.get(i)))
            .isEqualTo(Double.doubleToRawLongBits(expected.get(i)));
      }
      assertThat(vector.counts().additions(OperationKind.NEURON_FED)).isEqualTo(additions);
    }
  }

  private static SpikeDrivenOps ops(Precision real, int steps, Backend backend, Workers workers) {
    Ops cpu = Backends.create(backend, real, workers);
    return new SpikeDrivenOps(cpu, steps, backend, workers);
  }

  @Property(tries = 25)
  void windows(
      @ForAll @IntRange(min = 1, max = 8) int steps,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll boolean depthwise,
      @ForAll boolean single,
      @ForAll long seed) {
    Samples samples = new Samples(seed);
    int kernel = samples.between(1, 5);
    int padding = samples.between(0, kernel);
    int in = samples.between(1, 150);
    int height = samples.between(kernel, 9);
    int width = samples.between(kernel, 9);
    Tensor x = samples.spikes(steps, 1, samples.between(1, 3), height, width, in);
    WeightLayer layer =
        depthwise
            ? samples.depthwise(in, kernel, stride, padding, samples.norm(in))
            : samples.dense(in, samples.between(1, 150), kernel, stride, padding);
    compare(single ? Precision.F32 : Precision.F64, steps, x, layer);
  }

  @Property(tries = 20)
  void vectorsOfChannels(
      @ForAll @IntRange(min = 1, max = 8) int steps,
      @ForAll @IntRange(min = 1, max = 300) int in,
      @ForAll @IntRange(min = 1, max = 200) int out,
      @ForAll boolean single,
      @ForAll long seed) {
    Samples samples = new Samples(seed);
    Tensor x = samples.spikes(steps, 0.25, 1, samples.between(1, 150), in);
    compare(single ? Precision.F32 : Precision.F64, steps, x, samples.pointwise(in, out, true));
  }

  /** Rows of a map whose entries need more than 16 bits, and weights of more than one stretch. */
  @ParameterizedTest
  @CsvSource({"0, 3", "8, 3", "8, 7", "3, 7"})
  void silentAndFullMaps(int spike, int kernel) {
    Samples samples = new Samples(spike);
    byte[] all = new byte[2 * 300 * 260];
    Arrays.fill(all, (byte) spike);
    Tensor x = Tensor.spikes(all, 1, 1, 2, 300, 260);
    compare(Precision.F32, 8, x, samples.dense(260, 18, kernel, 3, kernel / 2));
    compare(Precision.F32, 8, x, samples.depthwise(260, kernel, 2, kernel / 2, samples.norm(260)));
  }
}
