package org.spike2former.tensor.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Samples;
import org.spike2former.tensor.cpu.Workers;

/** Layers with 8-bit weights against their definition, worked out without rounding. */
class Int8LayerTest {
  private static final double SCALE = 0.25;
  private static final int OUTPUTS = 17;

  /** Decimal digits beyond which quotients of test numbers do not come near a tie. */
  private static final MathContext DIGITS = new MathContext(60);

  /** The definition, channel by channel and tap by tap, in integers and decimals. */
  private static final class Reference {
    private final WeightLayer layer;
    private final int inputs;
    private final int taps;
    private final BigDecimal[] scale;
    private final BigDecimal[] bias;

    /** [cout, inputs, taps], PyTorch's order. */
    private final int[] weights;

    Reference(WeightLayer layer, double inScale) {
      this.layer = layer;
      int cout = layer.outChannels();
      taps = layer.kernelHeight() * layer.kernelWidth();
      inputs = layer.kind() == WeightLayer.Kind.DEPTHWISE ? 1 : layer.inChannels();
      scale = new BigDecimal[cout];
      bias = new BigDecimal[cout];
      weights = new int[cout * inputs * taps];
      for (int c = 0; c < cout; c++) {
        double factor = 1;
        double shift = layer.bias() == null ? 0 : layer.bias().value().get(c);
        for (BatchNorm norm : layer.norms()) {
          factor *= norm.factor(c);
          shift = shift * norm.factor(c) + norm.shift(c);
        }
        quantise(c, factor * inScale);
        bias[c] = new BigDecimal((float) shift);
      }
    }

    private void quantise(int c, double factor) {
      int depth = inputs * taps;
      double greatest = 0;
      for (int i = 0; i < depth; i++) {
        greatest = Math.max(greatest, Math.abs(layer.weight().value().get(c * depth + i) * factor));
      }
      scale[c] = new BigDecimal((float) (greatest / 127));
      for (int i = 0; i < depth && scale[c].signum() != 0; i++) {
        BigDecimal weight = new BigDecimal(layer.weight().value().get(c * depth + i) * factor);
        weights[c * depth + i] =
            weight.divide(scale[c], DIGITS).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
      }
    }

    /** Potentials [n, oh, ow, cout] of x [n, h, w, cin]. */
    float[] potentials(Tensor x) {
      int oh = layer.outExtent(x.dim(1), layer.kernelHeight());
      int ow = layer.outExtent(x.dim(2), layer.kernelWidth());
      int cout = layer.outChannels();
      float[] out = new float[x.dim(0) * oh * ow * cout];
      for (int i = 0; i < out.length; i++) {
        int c = i % cout;
        int pixel = i / cout;
        long sum = sum(x, pixel / (oh * ow), pixel / ow % oh, pixel % ow, c);
        out[i] = scale[c].multiply(BigDecimal.valueOf(sum)).add(bias[c]).floatValue();
      }
      return out;
    }

    private long sum(Tensor x, int n, int row, int column, int c) {
      int kw = layer.kernelWidth();
      long sum = 0;
      for (int tap = 0; tap < taps; tap++) {
        int y = row * layer.stride() - layer.padding() + tap / kw;
        int z = column * layer.stride() - layer.padding() + tap % kw;
        if (y < 0 || y >= x.dim(1) || z < 0 || z >= x.dim(2)) {
          continue;
        }
        for (int i = 0; i < inputs; i++) {
          int in = inputs == 1 && layer.inChannels() > 1 ? c : i;
          int k = x.bytes()[((n * x.dim(1) + y) * x.dim(2) + z) * x.dim(3) + in];
          sum += (long) k * weights[(c * inputs + i) * taps + tap];
        }
      }
      return sum;
    }

    static byte[] spikes(float[] potentials, int maxSpikes) {
      byte[] out = new byte[potentials.length];
      for (int i = 0; i < out.length; i++) {
        int k = new BigDecimal(potentials[i]).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
        out[i] = (byte) Math.clamp(k, 0, maxSpikes);
      }
      return out;
    }
  }

  /** Has the interface's own definition of the fused operations. */
  private static final class Parts extends ForwardingOps {
    Parts(Ops ops) {
      super(ops);
    }
  }

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(1, 2, 3, 7, 8, 13, 16, 31, 32, 63, 64, 65, 97);
  }

  @Provide
  Arbitrary<Integer> kernels() {
    return Arbitraries.of(1, 3, 5, 7);
  }

  private static void onEveryBackend(Consumer<Ops> test) {
    for (String backend : List.of("scalar", "vector")) {
      for (int threads : List.of(1, 2, 3)) {
        try (Workers workers = new Workers(threads)) {
          test.accept(
              Backends.create(Backend.of(backend), Precision.F32, WeightType.INT8, workers));
        }
      }
    }
  }

  private static void requireDefinition(WeightLayer layer, Tensor x, int maxSpikes, long seed) {
    Reference reference = new Reference(layer, x.scale());
    float[] expected = reference.potentials(x);
    byte[] spikes = Reference.spikes(expected, maxSpikes);
    onEveryBackend(
        ops -> {
          Tensor potential = ops.layer(x, layer);
          assertThat(potential.floats()).containsExactly(expected);
          Tensor fired = ops.layerSpikes(x, layer, "n", maxSpikes, SCALE);
          assertThat(fired.bytes()).containsExactly(spikes);
          Tensor residual = new Samples(seed + 1).real(Precision.F32, potential.shape());
          Ops parts = new Parts(ops);
          assertThat(parts.layerSpikes(x, layer, "n", maxSpikes, SCALE).bitEquals(fired)).isTrue();
          assertThat(
                  ops.addLayer(residual, x, layer, "b")
                      .bitEquals(parts.addLayer(residual, x, layer, "b")))
              .isTrue();
        });
  }

  @Property(tries = 40)
  void pointwiseLayersAreAsDefined(
      @ForAll long seed,
      @ForAll("sizes") int rows,
      @ForAll("sizes") int cin,
      @ForAll("sizes") int cout,
      @ForAll boolean eight) {
    Samples samples = new Samples(seed);
    WeightLayer layer = normed(samples, samples.dense(cin, cout, 1, 1, 0));
    int maxSpikes = eight ? 8 : 4;
    requireDefinition(layer, samples.spikes(maxSpikes, 1, 1, rows, cin), maxSpikes, seed);
  }

  @Property(tries = 40)
  void windowsAreAsDefined(
      @ForAll long seed,
      @ForAll boolean depthwise,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll("sizes") int cout,
      @ForAll("kernels") int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll boolean eight) {
    Samples samples = new Samples(seed);
    int cin = depthwise ? cout : new int[] {1, 3, 13, 32}[(int) Math.floorMod(seed, 4L)];
    WeightLayer layer =
        normed(
            samples,
            depthwise
                ? samples.depthwise(cout, kernel, stride, padding)
                : samples.dense(cin, cout, kernel, stride, padding));
    int h = Math.max(height, kernel - 2 * padding);
    int w = Math.max(width, kernel - 2 * padding);
    int maxSpikes = eight ? 8 : 4;
    requireDefinition(layer, samples.spikes(maxSpikes, 2, h, w, cin), maxSpikes, seed);
  }

  /** Where zeros are skipped and sums are 16 bits wide, or are not, because they might not fit. */
  @Property(tries = 60)
  void layersByEventsAreAsDefined(
      @ForAll long seed,
      @ForAll boolean pointwise,
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 140) int cin,
      @ForAll("sizes") int cout,
      @ForAll @IntRange(max = 10) int tenths,
      @ForAll boolean great) {
    Samples samples = new Samples(seed);
    int kernel = pointwise ? 1 : 3;
    WeightLayer layer = normed(samples, samples.dense(cin, cout, kernel, 1, kernel / 2));
    if (great) {
      Arrays.fill(layer.weight().value().doubles(), 1);
    }
    requireDefinition(
        layer, samples.spikesOfDensity(tenths / 10.0, 2, height, width, cin), 4, seed);
  }

  /** The layer with a BatchNorm, which brings its potentials to where neurons fire. */
  private static WeightLayer normed(Samples samples, WeightLayer layer) {
    int channels = layer.outChannels();
    Parameter[] p = new Parameter[4];
    for (int i = 0; i < p.length; i++) {
      p[i] = new Parameter("p" + i, true, channels);
      p[i].set(samples.real(Precision.F64, channels));
    }
    double fan = layer.weight().size() / (double) channels;
    for (int i = 0; i < channels; i++) {
      p[3].value().doubles()[i] = 2 * fan + Math.abs(p[3].value().get(i));
    }
    return new WeightLayer(
        layer.name(),
        layer.kind(),
        layer.weight(),
        layer.bias(),
        List.of(new BatchNorm(p[0], p[1], p[2], p[3])),
        layer.stride(),
        layer.padding());
  }

  @Property(tries = 30)
  void weightsLieByTapInputAndOutput(@ForAll long seed, @ForAll boolean depthwise) {
    Samples samples = new Samples(seed);
    WeightLayer layer = depthwise ? samples.depthwise(5, 3, 1, 1) : samples.dense(3, 5, 3, 1, 1);
    Int8Layer int8 = Int8Layer.of(layer, SCALE);
    Reference reference = new Reference(layer, SCALE);
    int inputs = depthwise ? 1 : 3;
    for (int i = 0; i < int8.weights().length; i++) {
      int c = i % 5;
      int in = i / 5 % inputs;
      int tap = i / 5 / inputs;
      assertThat((int) int8.weights()[i]).isEqualTo(reference.weights[(c * inputs + in) * 9 + tap]);
    }
  }

  /**
   * A layer of {@value OUTPUTS} equal output channels, so that vectors and what is left over act.
   */
  private static WeightLayer pointwise(float bias, float... weights) {
    Parameter weight = new Parameter("w", true, OUTPUTS, weights.length);
    Parameter shift = new Parameter("b", true, OUTPUTS);
    float[] rows = new float[OUTPUTS * weights.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = weights[i % weights.length];
    }
    float[] biases = new float[OUTPUTS];
    Arrays.fill(biases, bias);
    weight.set(Tensor.of(rows, OUTPUTS, weights.length));
    shift.set(Tensor.of(biases, OUTPUTS));
    return new WeightLayer("unit", WeightLayer.Kind.DENSE, weight, shift, List.of(), 1, 0);
  }

  /** The spikes of {@link #pointwise}, a number for each row of its input. */
  private static int[] spikes(Ops ops, Tensor x, WeightLayer layer, int maxSpikes) {
    byte[] all = ops.layerSpikes(x, layer, "n", maxSpikes, 1).bytes();
    int[] rows = new int[all.length / OUTPUTS];
    for (int i = 0; i < all.length; i++) {
      rows[i / OUTPUTS] = all[i];
      assertThat(all[i]).isEqualTo(all[i / OUTPUTS * OUTPUTS]);
    }
    return rows;
  }

  /** Potentials 0, 0.5, 1, … with the first weight there for the scale alone, 1/8. */
  @Example
  void tiesGoToTheEvenNumber() {
    WeightLayer layer = pointwise(0, 127f / 8, 4f / 8);
    byte[] in = new byte[40];
    for (int i = 0; i < 20; i++) {
      in[2 * i + 1] = (byte) i;
    }
    Tensor x = Tensor.spikes(in, 1, 20, 2);
    onEveryBackend(
        ops -> {
          assertThat(ops.layer(x, layer).get(3 * OUTPUTS)).isEqualTo(1.5);
          assertThat(spikes(ops, x, layer, 4))
              .containsExactly(0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4);
          assertThat(spikes(ops, x, layer, 8))
              .containsExactly(0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 6, 7, 8, 8, 8, 8, 8);
        });
  }

  /** 64 weights of 127 and a spike of 4 are the most that fits in 16 bits. */
  @Example
  void sumsDoNotOverflowWhereWeightsAndSpikesAreGreatest() {
    float[] weights = new float[64];
    Arrays.fill(weights, 127);
    for (int k : List.of(4, 5, 127)) {
      byte[] in = new byte[3 * weights.length];
      Arrays.fill(in, weights.length, 2 * weights.length, (byte) k);
      Tensor x = Tensor.spikes(in, 1, 3, weights.length);
      onEveryBackend(
          ops -> {
            Tensor sums = ops.layer(x, pointwise(0, weights));
            assertThat(sums.get(0)).isZero();
            assertThat(sums.get(OUTPUTS)).isEqualTo(64.0 * 127 * k);
            assertThat(sums.get(2 * OUTPUTS)).isZero();
          });
    }
  }

  @Example
  void thresholdsOfChannelsThatDoNotDependOnTheirInput() {
    int[] thresholds = Int8Layer.of(pointwise(2.6f, 0, 0), 1).thresholds(4);
    for (int i = 0; i < thresholds.length; i++) {
      boolean fires = i / OUTPUTS < 3;
      assertThat(thresholds[i]).isEqualTo(fires ? -Int8Layer.MAX_SUM : Int8Layer.NEVER);
    }
    Tensor x = Tensor.spikes(new byte[] {3, 4}, 1, 1, 2);
    onEveryBackend(
        ops -> {
          assertThat(spikes(ops, x, pointwise(2.6f, 0, 0), 4)).containsExactly(3);
          assertThat(spikes(ops, x, pointwise(-9e30f, 1, 1), 4)).containsExactly(0);
        });
  }

  /** As many spikes as the sums hold, all weights at their limit, of either sign. */
  @Example
  void extremeSumsAreExact() {
    int depth = 2304;
    int most = Int8Layer.MAX_SUM / (127 * depth);
    for (float weight : new float[] {2, -2}) {
      float[] weights = new float[depth];
      Arrays.fill(weights, weight);
      WeightLayer layer = pointwise(0.5f, weights);
      assertThat(Int8Layer.of(layer, 1).maxSpike()).isEqualTo(most);
      byte[] full = new byte[depth];
      Arrays.fill(full, (byte) most);
      requireDefinition(layer, Tensor.spikes(full, 1, 1, 1, 1, depth), 4, 1);
      full[7]++;
      onEveryBackend(
          ops ->
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> ops.layer(Tensor.spikes(full, 1, 1, depth), layer))
                  .withMessage(
                      "unit: sums with 8-bit weights hold spikes of at most 57, found 58"));
    }
  }

  @Example
  void refusesWhatCannotBeQuantised() {
    float[] many = new float[132_105];
    Arrays.fill(many, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Int8Layer.of(pointwise(0, many), 1))
        .withMessage(
            "unit: the 8-bit weights of a channel add up to 16777335, expected at most 16777216");
    for (WeightLayer layer : List.of(pointwise(0, 1, Float.NaN), pointwise(Float.NaN, 1, 2))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Int8Layer.of(layer, 1))
          .withMessageStartingWith("unit: weights and bias of output channel 0 must be finite");
    }
  }

  /** Real numbers come from outside, or from a layer with no neuron after it. */
  @Example
  void layersOnRealNumbersKeepTheirWeights() {
    Samples samples = new Samples(3);
    WeightLayer layer = samples.dense(5, 7, 3, 2, 1);
    Tensor x = samples.real(Precision.F32, 1, 9, 9, 5);
    try (Workers workers = new Workers(1)) {
      Ops floats = Backends.create(Backend.SCALAR, Precision.F32, workers);
      Tensor expected = floats.layer(x, layer);
      Tensor spikes = floats.layerSpikes(x, layer, "n", 4, 1);
      Tensor sum = floats.addLayer(expected, x, layer, "b");
      onEveryBackend(
          ops -> {
            assertThat(ops.layer(x, layer).bitEquals(expected)).isTrue();
            assertThat(ops.layerSpikes(x, layer, "n", 4, 1).bitEquals(spikes)).isTrue();
            assertThat(ops.addLayer(expected, x, layer, "b").bitEquals(sum)).isTrue();
          });
    }
  }

  @Example
  void int8IsNamedAndNeedsFloat32() {
    try (Workers workers = new Workers(1)) {
      assertThat(
              Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, workers).describe())
          .isEqualTo("scalar, f32, 1 thread, int8 weights");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> Backends.create(Backend.SCALAR, Precision.F64, WeightType.INT8, workers))
          .withMessage("int8 weights need precision f32, found f64");
    }
  }
}
