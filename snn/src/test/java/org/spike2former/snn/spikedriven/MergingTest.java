package org.spike2former.snn.spikedriven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/** Merged layers against the same layers one by one. */
class MergingTest {
  /** D of the spikes. */
  private static final int STEPS = 8;

  private static final Workers ONE = new Workers(1);
  private static final Workers THREE = new Workers(3);

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  /**
   * Runs the same on the plain operations and on both deployment forms, which must agree to a bit.
   *
   * @return the spike-driven run's counts
   */
  private static OperationCounts compare(Function<Ops, Tensor> network) {
    Tensor expected = network.apply(Backends.create(Backend.SCALAR, Precision.F64, ONE));
    SpikeDrivenOps spikes =
        new SpikeDrivenOps(
            Backends.create(Backend.SCALAR, Precision.F64, ONE), STEPS, Backend.SCALAR, ONE);
    Tensor found = network.apply(spikes);
    assertThat(found.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-10));
    }
    Ops vector = Backends.create(Backend.AUTO, Precision.F64, THREE);
    Tensor integer = network.apply(new IntegerOps(vector, STEPS));
    Tensor threads = network.apply(new SpikeDrivenOps(vector, STEPS, Backend.VECTOR, THREE));
    assertThat(found.to(DType.F64).bitEquals(copy(integer))).isTrue();
    assertThat(threads.to(DType.F64).bitEquals(copy(found))).isTrue();
    return spikes.counts();
  }

  private static Tensor copy(Tensor x) {
    return Tensor.of(x.doubles().clone(), x.shape());
  }

  private static void assertOnlyAdditions(OperationCounts counts) {
    assertThat(counts.additions(OperationKind.NEURON_FED)).isPositive();
    for (OperationKind kind : OperationKind.values()) {
      assertThat(counts.multiplications(kind)).as(kind.label()).isZero();
    }
  }

  @Property(tries = 60)
  void repConvIsOneDenseLayer(
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(min = 1, max = 7) int width,
      @ForAll long seed) {
    Samples samples = new Samples(seed);
    int in = samples.between(1, 6);
    int out = samples.between(1, 70);
    Tensor x = samples.spikes(STEPS, 0.125, 2, height, width, in);
    BatchNorm norm = samples.norm(in);
    WeightLayer first = samples.pointwise(in, in, false, norm);
    WeightLayer depthwise = samples.depthwise(in, 3, 1, 0);
    WeightLayer last = samples.pointwise(in, out, false, samples.norm(out));
    BatchNorm outer = samples.norm(out);

    OperationCounts counts =
        compare(
            ops -> {
              Tensor padded = ops.padWithShift(ops.layer(x, first), norm);
              Tensor mixed = ops.layer(ops.layer(padded, depthwise), last);
              return ops.batchNorm(mixed, outer);
            });

    long inside = (3L * height - 2) * (3L * width - 2);
    assertThat(counts.additions(OperationKind.NEURON_FED))
        .isLessThanOrEqualTo(2 * inside * in * out * STEPS);
    for (OperationKind kind : OperationKind.values()) {
      assertThat(counts.multiplications(kind)).as(kind.label()).isZero();
    }
  }

  @Property(tries = 60)
  void depthwiseAndPointwiseAreOneDenseLayer(
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(min = 1, max = 7) int width,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll long seed) {
    Samples samples = new Samples(seed);
    int channels = samples.between(1, 70);
    int out = samples.between(1, 5);
    Tensor x = samples.spikes(STEPS, 0.25, 1, height, width, channels);
    WeightLayer depthwise = samples.depthwise(channels, 7, stride, 3, samples.norm(channels));
    WeightLayer project = samples.pointwise(channels, out, true, samples.norm(out));
    Tensor gamma = samples.real(0, out);
    Tensor residual = samples.real(0, 1, (height - 1) / stride + 1, (width - 1) / stride + 1, out);

    OperationCounts counts =
        compare(ops -> ops.addScaled(residual, gamma, ops.layer(ops.layer(x, depthwise), project)));

    for (OperationKind kind : OperationKind.values()) {
      assertThat(counts.multiplications(kind)).as(kind.label()).isZero();
    }
  }

  @Property(tries = 60)
  void windowsOverWindows(
      @ForAll @IntRange(min = 1, max = 3) int firstStride,
      @ForAll @IntRange(min = 1, max = 2) int secondStride,
      @ForAll @IntRange(min = 5, max = 7) int size,
      @ForAll boolean depthwise,
      @ForAll long seed) {
    Samples samples = new Samples(seed);
    Tensor x = samples.spikes(STEPS, 0.5, 1, size, 12 - size, 3);
    WeightLayer first =
        depthwise
            ? samples.depthwise(3, 3, firstStride, 2)
            : samples.dense(3, 3, 3, firstStride, 2);
    WeightLayer second = samples.depthwise(3, 2, secondStride, 0, samples.norm(3));
    WeightLayer third = samples.dense(3, 4, 2, 1, 0);

    compare(ops -> ops.layer(ops.layer(x, first), second));
    if (firstStride * secondStride == 1) {
      compare(ops -> ops.layer(ops.layer(ops.layer(x, first), second), third));
    }
  }

  @Test
  void aTrainOfSpikesTakesAsManyAdditionsAsItsRateSays() {
    Samples samples = new Samples(1);
    Tensor x = samples.spikes(STEPS, 0.125, 3, 50, 20);
    WeightLayer layer = samples.pointwise(20, 30, true, samples.norm(30));
    OperationCounts counts = compare(ops -> ops.layer(x, layer));
    assertOnlyAdditions(counts);
    double multiplyAdds = 3 * 50 * 20 * 30;
    assertThat((double) counts.additions(OperationKind.NEURON_FED))
        .isCloseTo(BinaryMaps.of(x, STEPS).firingRate() * STEPS * multiplyAdds, within(1e-6));
  }

  /** Where zeros are padded, the first layer would have given something else. */
  @Test
  void aPaddedLayerDoesNotMerge() {
    Samples samples = new Samples(2);
    Tensor x = samples.spikes(STEPS, 0.125, 1, 5, 4, 3);
    WeightLayer first = samples.pointwise(3, 3, true, samples.norm(3));
    WeightLayer second = samples.dense(3, 2, 3, 1, 1);
    OperationCounts counts = compare(ops -> ops.layer(ops.layer(x, first), second));
    assertThat(counts.multiplications(OperationKind.REAL_FED)).isEqualTo(13 * 10 * 3 * 2);
    assertThat(counts.multiplications(OperationKind.NEURON_FED)).isZero();
  }

  @Test
  void aConstantPaddingMergesOnlyAfterItsOwnNorm() {
    Samples samples = new Samples(3);
    Tensor x = samples.spikes(STEPS, 0.125, 1, 3, 3, 2);
    BatchNorm norm = samples.norm(2);
    WeightLayer biased = samples.pointwise(2, 2, true, norm);
    WeightLayer depthwise = samples.depthwise(2, 3, 1, 0);
    OperationCounts counts =
        compare(ops -> ops.layer(ops.padWithShift(ops.layer(x, biased), norm), depthwise));
    assertThat(counts.multiplications(OperationKind.REAL_FED)).isPositive();
  }

  @Test
  void maskProductsAddWhatSpikesSelect() {
    Samples samples = new Samples(4);
    Tensor x = samples.spikes(STEPS, 0.125, 2, 6, 5, 7);
    Tensor embeddings = samples.spikes(STEPS, 0.5, 2, 4, 9);
    WeightLayer feature = samples.pointwise(7, 9, true);
    OperationCounts counts =
        compare(ops -> ops.product(ops.layer(x, feature).reshape(2, 30, 9), embeddings));
    assertOnlyAdditions(counts);
    assertThat(counts.additions(OperationKind.MASKS))
        .isEqualTo(30 * BinaryMaps.of(embeddings, STEPS).ones() + 3 * 2 * 30 * 9);
  }

  @Test
  void shapesAndSpikesThatDoNotFitAreRefused() {
    Samples samples = new Samples(5);
    Ops ops =
        new SpikeDrivenOps(
            Backends.create(Backend.SCALAR, Precision.F64, ONE), 4, Backend.SCALAR, ONE);
    Tensor tokens = samples.spikes(4, 1, 2, 5, 3);
    assertThatThrownBy(() -> ops.layer(tokens, samples.pointwise(4, 2, false)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("4 channels, found shape [2, 5, 3]");
    assertThatThrownBy(() -> ops.layer(tokens, samples.dense(3, 2, 3, 1, 1)))
        .isInstanceOf(ShapeException.class);
    Tensor map = samples.spikes(4, 1, 1, 2, 2, 3);
    assertThatThrownBy(() -> ops.layer(map, samples.dense(3, 2, 3, 1, 0)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("smaller than its window");
    assertThatThrownBy(() -> ops.spikes(samples.real(0, 3), 8, 1))
        .hasMessageContaining("up to 8 spikes, expected at most 4");
    for (Tensor values : List.of(samples.spikes(1, 1, 2, 4, 3), samples.spikes(1, 1, 1, 5, 3))) {
      assertThatThrownBy(() -> ops.attention(tokens, tokens, values, 1, 1))
          .isInstanceOf(ShapeException.class);
    }
  }
}
