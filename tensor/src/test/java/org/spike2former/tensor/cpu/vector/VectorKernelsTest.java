package org.spike2former.tensor.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Samples;
import org.spike2former.tensor.cpu.Workers;

/** The vector kernels give the scalar kernels' bits, whatever the sizes, threads and type. */
class VectorKernelsTest {
  private static final int TRIES = 150;

  /** Type to compute in, threads and random numbers of one comparison. */
  record Setting(Precision precision, int threads, long seed) {
    Samples samples() {
      return new Samples(seed);
    }
  }

  @Provide
  Arbitrary<Setting> settings() {
    return net.jqwik.api.Combinators.combine(
            Arbitraries.of(Precision.F32, Precision.F64),
            Arbitraries.of(1, 2, 3, 7),
            Arbitraries.longs())
        .as(Setting::new);
  }

  /** Sizes around multiples of the vector lengths. */
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(1, 2, 3, 5, 7, 8, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 100, 130);
  }

  @Provide
  Arbitrary<Integer> kernels() {
    return Arbitraries.of(1, 2, 3, 5, 7);
  }

  private static void requireSameBits(Setting setting, Function<Ops, Tensor> operation) {
    try (Workers one = new Workers(1);
        Workers many = new Workers(setting.threads())) {
      Tensor expected = operation.apply(Backends.create(Backend.SCALAR, setting.precision(), one));
      Tensor found = operation.apply(Backends.create(Backend.VECTOR, setting.precision(), many));
      assertThat(found.shape()).isEqualTo(expected.shape());
      if (!found.bitEquals(expected)) {
        for (int i = 0; i < found.size(); i++) {
          assertThat(found.get(i))
              .as("element %d of %s", i, Shape.toString(found.shape()))
              .isEqualTo(expected.get(i));
        }
      }
      assertThat(found.bitEquals(expected)).isTrue();
    }
  }

  @Property(tries = TRIES)
  void pointwise(
      @ForAll("settings") Setting setting,
      @ForAll("sizes") int rows,
      @ForAll("sizes") int cin,
      @ForAll("sizes") int cout,
      @ForAll boolean spikes) {
    Samples samples = setting.samples();
    var layer = samples.dense(cin, cout, 1, 1, 0);
    Tensor x = samples.input(spikes, setting.precision(), rows, cin);
    requireSameBits(setting, ops -> ops.layer(x, layer));
  }

  @Property(tries = 3)
  void pointwiseOfManyRowsAndGreatDepth(@ForAll("settings") Setting setting) {
    Samples samples = setting.samples();
    var layer = samples.dense(1300, 70, 1, 1, 0);
    Tensor x = samples.input(true, setting.precision(), 403, 1300);
    requireSameBits(setting, ops -> ops.layer(x, layer));
  }

  @Property(tries = TRIES)
  void dense(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 15) int height,
      @ForAll @IntRange(min = 1, max = 15) int width,
      @ForAll("sizes") int cout,
      @ForAll("kernels") int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll boolean spikes) {
    Samples samples = setting.samples();
    int cin = new int[] {1, 3, 8, 17, 33}[(int) Math.floorMod(setting.seed(), 5L)];
    int h = Math.max(height, kernel - 2 * padding);
    int w = Math.max(width, kernel - 2 * padding);
    var layer = samples.dense(cin, cout, kernel, stride, padding);
    Tensor x = samples.input(spikes, setting.precision(), 2, h, w, cin);
    requireSameBits(setting, ops -> ops.layer(x, layer));
  }

  /** Sparse maps take the event-driven kernels, busy ones the dense. */
  @Property(tries = TRIES)
  void spikesOfEveryDensity(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll("sizes") int cin,
      @ForAll("sizes") int cout,
      @ForAll boolean window,
      @ForAll @IntRange(max = 10) int tenths) {
    Samples samples = setting.samples();
    var layer = window ? samples.dense(cin, cout, 3, 1, 1) : samples.dense(cin, cout, 1, 1, 0);
    Tensor x = samples.spikesOfDensity(tenths / 10.0, 2, height, width, cin);
    requireSameBits(setting, ops -> ops.layer(x, layer));
  }

  @Property(tries = TRIES)
  void depthwise(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 30) int height,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll("sizes") int channels,
      @ForAll("kernels") int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll boolean spikes) {
    Samples samples = setting.samples();
    int h = Math.max(height, kernel - 2 * padding);
    int w = Math.max(width, kernel - 2 * padding);
    var layer = samples.depthwise(channels, kernel, stride, padding);
    Tensor x = samples.input(spikes, setting.precision(), 2, h, w, channels);
    requireSameBits(setting, ops -> ops.layer(x, layer));
  }

  @Property(tries = 4)
  void depthwiseOfSeveralStrips(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll boolean spikes) {
    Samples samples = setting.samples();
    var layer = samples.depthwise(100, 7, stride, 3);
    Tensor x = samples.input(spikes, setting.precision(), 1, 9, 700, 100);
    requireSameBits(setting, ops -> ops.layer(x, layer));
  }

  @Property(tries = TRIES)
  void attention(
      @ForAll("settings") Setting setting,
      @ForAll("sizes") int queries,
      @ForAll("sizes") int keys,
      @ForAll @IntRange(min = 1, max = 33) int width,
      @ForAll @IntRange(min = 1, max = 33) int valueWidth,
      @ForAll @IntRange(min = 1, max = 4) int heads) {
    Samples samples = setting.samples();
    Tensor q = samples.spikes(127, 2, queries, heads * width);
    Tensor k = samples.spikes(127, 2, keys, heads * width);
    Tensor v = samples.spikes(127, 2, keys, heads * valueWidth);
    requireSameBits(setting, ops -> ops.attention(q, k, v, heads, 0.3));
  }

  @Property(tries = TRIES)
  void elementwise(@ForAll("settings") Setting setting, @ForAll @IntRange(max = 20_000) int size) {
    Samples samples = setting.samples();
    Tensor a = samples.real(setting.precision(), size);
    Tensor b = samples.real(setting.precision(), size);
    requireSameBits(setting, ops -> ops.spikes(a, 4, 0.25));
    requireSameBits(setting, ops -> ops.spikes(ops.multiply(a, 20), 127, 0.25));
    requireSameBits(setting, ops -> ops.add(a, b));
    requireSameBits(setting, ops -> ops.sigmoid(a));
    requireSameBits(setting, ops -> ops.sigmoid(ops.multiply(a, 30)));
  }

  /** What a potential can be, in every lane: a number that is none has no spikes. */
  @Property(tries = 40)
  void spikesOfExtremes(
      @ForAll("settings") Setting setting, @ForAll @IntRange(min = 1, max = 127) int most) {
    double[] values = {
      -0.0,
      0,
      0.5,
      1.5,
      2.5,
      0.49999997,
      0.5000001,
      -0.5,
      -1e30,
      1e30,
      1e-40,
      2,
      most,
      most + 0.5,
      most - 0.5,
      most + 1e-5,
      126.5,
      127.5,
      128,
      300,
      0x1p31,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NaN,
      Float.intBitsToFloat(0x7fc00003)
    };
    int[] counts = new int[values.length * 64];
    double[] potentials = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      double value = values[(i + i / 64) % values.length];
      potentials[i] = value;
      double stored = setting.precision() == Precision.F32 ? (float) value : value;
      counts[i] = stored > 0 ? (int) Math.rint(Math.min(stored, most)) : 0;
    }
    Tensor x = Tensor.of(potentials, potentials.length).to(setting.precision().type());
    for (Backend backend : List.of(Backend.SCALAR, Backend.VECTOR)) {
      try (Workers workers = new Workers(setting.threads())) {
        Ops ops = Backends.create(backend, setting.precision(), workers);
        byte[] found = ops.spikes(x, most, 1).bytes();
        assertThat(found).as(backend.toString()).containsExactly(counts);
      }
    }
  }

  @Property(tries = TRIES)
  void rows(
      @ForAll("settings") Setting setting, @ForAll("sizes") int rows, @ForAll("sizes") int width) {
    Samples samples = setting.samples();
    Tensor x = samples.real(setting.precision(), 3, rows, width);
    Tensor y = samples.real(setting.precision(), 3, rows, width);
    Tensor one = samples.real(setting.precision(), 1);
    Tensor gamma = samples.real(setting.precision(), width);
    Tensor table = samples.real(setting.precision(), rows, width);
    requireSameBits(setting, ops -> ops.addScaled(x, one, y));
    requireSameBits(setting, ops -> ops.addScaled(x, gamma, y));
    requireSameBits(setting, ops -> ops.addTable(x, table));
  }

  @Property(tries = TRIES)
  void deformSample(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 11) int height,
      @ForAll @IntRange(min = 1, max = 11) int width,
      @ForAll @IntRange(min = 1, max = 5) int groups,
      @ForAll @IntRange(min = 1, max = 18) int groupWidth) {
    Samples samples = setting.samples();
    Tensor v = samples.real(setting.precision(), 2, height, width, groups * groupWidth);
    Tensor offset = samples.real(setting.precision(), 2, height, width, groups * 18);
    Tensor mask = samples.spikes(4, 2, height, width, groups * 9);
    requireSameBits(setting, ops -> ops.deformSample(v, offset, mask, groups));
  }

  @Property(tries = TRIES)
  void resize(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 20) int newHeight,
      @ForAll @IntRange(min = 1, max = 20) int newWidth,
      @ForAll("sizes") int channels) {
    Tensor x = setting.samples().real(setting.precision(), 2, height, width, channels);
    requireSameBits(setting, ops -> ops.resizeBilinear(x, newHeight, newWidth));
    requireSameBits(setting, ops -> ops.resizeNearest(x, newHeight, newWidth));
  }

  @Property(tries = 20)
  void semanticLogits(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 40) int queries,
      @ForAll @IntRange(min = 1, max = 40) int classes) {
    Samples samples = setting.samples();
    Tensor cls = samples.real(setting.precision(), 2, queries, classes + 1);
    Tensor masks = samples.real(setting.precision(), 2, 5, 4, queries);
    requireSameBits(setting, ops -> ops.semanticLogits(cls, masks, 11, 9));
  }

  @Property(tries = 40)
  void product(
      @ForAll("settings") Setting setting,
      @ForAll("sizes") int rows,
      @ForAll("sizes") int depth,
      @ForAll("sizes") int columns,
      @ForAll boolean spikes) {
    Samples samples = setting.samples();
    Tensor a = samples.real(setting.precision(), 2, rows, depth);
    Tensor b = samples.input(spikes, setting.precision(), 2, columns, depth);
    requireSameBits(setting, ops -> ops.product(a, b));
  }

  @Property(tries = TRIES)
  void labels(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll("sizes") int classes,
      @ForAll boolean resized) {
    Tensor logits = setting.samples().real(setting.precision(), 2, height, width, classes);
    int factor = resized ? 2 : 1;
    requireSameBits(setting, ops -> ops.labels(logits, factor * height, factor * width));
  }

  @Property(tries = 40)
  void semanticLabels(
      @ForAll("settings") Setting setting,
      @ForAll("sizes") int queries,
      @ForAll("sizes") int classes) {
    Samples samples = setting.samples();
    Tensor cls = samples.real(setting.precision(), 2, queries, classes + 1);
    Tensor masks = samples.real(setting.precision(), 2, 3, 5, queries);
    requireSameBits(setting, ops -> ops.semanticLabels(cls, masks, 6, 9));
    try (Workers one = new Workers(1)) {
      Ops ops = Backends.create(Backend.VECTOR, setting.precision(), one);
      Tensor parts = ops.labels(ops.semanticLogits(cls, masks, 6, 9), 6, 9);
      assertThat(ops.semanticLabels(cls, masks, 6, 9).bitEquals(parts)).isTrue();
    }
  }
}
