package org.spike2former.tensor.cpu.vector.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Samples;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.NormF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.cpu.kernels.ScalarGradientKernelsF32;
import org.spike2former.tensor.layer.Window;

/**
 * The vector kernels of backward give the scalar kernels' bits, whatever the sizes and however the
 * work is split.
 */
class VectorGradientKernelsTest {
  private static final int TRIES = 150;
  private static final GradientKernelsF32 SCALAR = new ScalarGradientKernelsF32();
  private static final GradientKernelsF32 VECTOR = new VectorGradientKernelsF32();

  /** Sizes around multiples of the vector lengths. */
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(1, 2, 3, 5, 7, 8, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 100, 130);
  }

  @Provide
  Arbitrary<Integer> windows() {
    return Arbitraries.of(1, 2, 3, 5, 7);
  }

  /** Rows around multiples of the blocks of a sum. */
  @Provide
  Arbitrary<Integer> rows() {
    return Arbitraries.of(1, 2, 15, 16, 17, 100, 255, 256, 257, 500, 512, 700);
  }

  /** Work of some items, shared out at random. */
  private interface Work {
    void run(GradientKernelsF32 kernels, int from, int to, List<float[]> outputs);
  }

  /**
   * Compares one call of the scalar kernel with calls of the vector kernel that share the items
   * out, each a multiple of {@code grain}, in any order.
   *
   * @param outputs lengths of the arrays that are written; they start with zeros
   */
  private static void requireSameBits(long seed, int items, int grain, Work work, int... outputs) {
    List<float[]> expected = Arrays.stream(outputs).mapToObj(float[]::new).toList();
    work.run(SCALAR, 0, items, expected);
    List<float[]> found = Arrays.stream(outputs).mapToObj(float[]::new).toList();
    int grains = (items + grain - 1) / grain;
    int[] cuts = new Random(seed).ints(3, 0, grains + 1).sorted().map(i -> i * grain).toArray();
    int[] bounds = {0, cuts[0], cuts[1], Math.min(items, cuts[2]), items};
    for (int i = bounds.length - 2; i >= 0; i--) {
      int from = Math.min(items, bounds[i]);
      int to = Math.min(items, bounds[i + 1]);
      if (from < to) {
        work.run(VECTOR, from, to, found);
      }
    }
    for (int i = 0; i < outputs.length; i++) {
      requireSameBits(expected.get(i), found.get(i), "output " + i);
    }
  }

  private static void requireSameBits(float[] expected, float[] found, String what) {
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToRawIntBits(found[i]) != Float.floatToRawIntBits(expected[i])) {
        assertThat(found[i]).as("element %d of %s", i, what).isEqualTo(expected[i]);
        throw new AssertionError("element " + i + " of " + what + " differs in its sign alone");
      }
    }
  }

  private static Window window(
      int n, int height, int width, int cin, int cout, int kernel, int stride, int padding) {
    int h = Math.max(height, kernel - 2 * padding);
    int w = Math.max(width, kernel - 2 * padding);
    int oh = (h + 2 * padding - kernel) / stride + 1;
    int ow = (w + 2 * padding - kernel) / stride + 1;
    return new Window(n, h, w, cin, cout, kernel, kernel, stride, padding, oh, ow);
  }

  private static Tensor input(Samples samples, boolean spikes, Window g) {
    return samples.input(spikes, Precision.F32, g.n(), g.h(), g.w(), g.cin());
  }

  private static float[] real(Samples samples, int size) {
    return samples.real(Precision.F32, size).floats();
  }

  @Property(tries = TRIES)
  void pointwiseWeights(
      @ForAll long seed,
      @ForAll("rows") int rows,
      @ForAll("sizes") int cin,
      @ForAll("sizes") int cout,
      @ForAll boolean spikes) {
    Samples samples = new Samples(seed);
    Window g = Window.pointwise(rows, cin, cout);
    Tensor x = input(samples, spikes, g);
    float[] dy = real(samples, rows * cout);
    requireSameBits(
        seed,
        cin,
        1,
        (k, from, to, out) -> k.denseWeights(x, g, dy, out.get(0), from, to),
        cin * cout);
  }

  @Property(tries = TRIES)
  void denseWeights(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll("sizes") int cout,
      @ForAll("windows") int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll boolean spikes) {
    Samples samples = new Samples(seed);
    int cin = new int[] {1, 3, 8, 17, 33}[(int) Math.floorMod(seed, 5L)];
    Window g = window(3, height, width, cin, cout, kernel, stride, padding);
    Tensor x = input(samples, spikes, g);
    float[] dy = real(samples, g.outPixels() * cout);
    requireSameBits(
        seed,
        cin,
        1,
        (k, from, to, out) -> k.denseWeights(x, g, dy, out.get(0), from, to),
        kernel * kernel * cin * cout);
  }

  /** Sparse blocks of pixels take the event-driven kernels, busy ones the dense. */
  @Property(tries = TRIES)
  void denseWeightsOfEveryDensity(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll("sizes") int cin,
      @ForAll("sizes") int cout,
      @ForAll @IntRange(max = 2) int padding,
      @ForAll boolean window,
      @ForAll @IntRange(max = 10) int tenths) {
    Samples samples = new Samples(seed);
    int kernel = window ? 3 : 1;
    Window g =
        window
            ? window(3, height, width, cin, cout, 3, 1, padding)
            : Window.pointwise(3 * height * width, cin, cout);
    Tensor x = samples.spikesOfDensity(tenths / 10.0, g.n(), g.h(), g.w(), cin);
    float[] dy = real(samples, g.outPixels() * cout);
    requireSameBits(
        seed,
        cin,
        1,
        (k, from, to, out) -> k.denseWeights(x, g, dy, out.get(0), from, to),
        kernel * kernel * cin * cout);
  }

  @Property(tries = 6)
  void denseWeightsOfWideMaps(
      @ForAll long seed, @ForAll("windows") int kernel, @ForAll boolean spikes) {
    Samples samples = new Samples(seed);
    Window g = window(2, 3, 700, 5, 17, kernel, 1, kernel / 2);
    Tensor x = input(samples, spikes, g);
    float[] dy = real(samples, g.outPixels() * 17);
    requireSameBits(
        seed,
        5,
        1,
        (k, from, to, out) -> k.denseWeights(x, g, dy, out.get(0), from, to),
        kernel * kernel * 5 * 17);
  }

  @Property(tries = TRIES)
  void depthwiseWeights(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int height,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll("sizes") int channels,
      @ForAll("windows") int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll boolean spikes) {
    Samples samples = new Samples(seed);
    Window g = window(2, height, width, channels, channels, kernel, stride, padding);
    Tensor x = input(samples, spikes, g);
    float[] dy = real(samples, g.outPixels() * channels);
    requireSameBits(
        seed,
        channels,
        16,
        (k, from, to, out) -> k.depthwiseWeights(x, g, dy, out.get(0), from, to),
        kernel * kernel * channels);
  }

  @Property(tries = TRIES)
  void sums(@ForAll long seed, @ForAll("rows") int rows, @ForAll("sizes") int channels) {
    Samples samples = new Samples(seed);
    float[] x = real(samples, rows * channels);
    float[] mean = real(samples, channels);
    int blocks = (rows + GradientKernelsF32.ROW_BLOCK - 1) / GradientKernelsF32.ROW_BLOCK;
    requireSameBits(
        seed,
        blocks,
        1,
        (k, from, to, out) -> {
          k.sumRows(x, rows, channels, out.get(0), from, to);
          k.sumSquares(x, mean, rows, channels, out.get(1), from, to);
        },
        blocks * channels,
        blocks * channels);
  }

  @Property(tries = TRIES)
  void norm(
      @ForAll long seed,
      @ForAll("rows") int rows,
      @ForAll("sizes") int channels,
      @ForAll boolean neuron) {
    Samples samples = new Samples(seed);
    float[] dy = real(samples, rows * channels);
    float[] x = real(samples, rows * channels);
    NormF32 norm =
        new NormF32(
            real(samples, channels),
            real(samples, channels),
            real(samples, channels),
            real(samples, channels),
            neuron ? 4 : -1,
            neuron ? 0.3f : 1);
    int blocks = (rows + GradientKernelsF32.ROW_BLOCK - 1) / GradientKernelsF32.ROW_BLOCK;
    requireSameBits(
        seed,
        blocks,
        1,
        (k, from, to, out) -> k.normSums(dy, x, norm, rows, out.get(0), out.get(1), from, to),
        blocks * channels,
        blocks * channels);
    float[] meanDy = real(samples, channels);
    float[] meanDyX = real(samples, channels);
    requireSameBits(
        seed,
        rows,
        1,
        (k, from, to, out) -> k.normInput(dy, x, norm, meanDy, meanDyX, out.get(0), from, to),
        rows * channels);
    float[] inPlace = dy.clone();
    VECTOR.normInput(inPlace, x, norm, meanDy, meanDyX, inPlace, 0, rows);
    float[] apart = new float[dy.length];
    SCALAR.normInput(dy, x, norm, meanDy, meanDyX, apart, 0, rows);
    requireSameBits(apart, inPlace, "the gradient in place of dy");
  }

  @Property(tries = TRIES)
  void spikes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5000) int size) {
    Samples samples = new Samples(seed);
    float[] dy = real(samples, size);
    float[] x = real(samples, size);
    x[0] = 0;
    x[size / 2] = 4;
    x[size - 1] = Math.nextUp(4f);
    requireSameBits(
        seed, size, 1, (k, from, to, out) -> k.spikes(dy, x, 0.25f, 4, out.get(0), from, to), size);
  }

  @Property(tries = TRIES)
  void attention(
      @ForAll long seed,
      @ForAll("sizes") int queries,
      @ForAll("sizes") int keys,
      @ForAll @IntRange(min = 1, max = 33) int width,
      @ForAll @IntRange(min = 1, max = 33) int valueWidth,
      @ForAll @IntRange(min = 1, max = 4) int heads) {
    Samples samples = new Samples(seed);
    Tensor q = samples.spikes(127, 2, queries, heads * width);
    Tensor k = samples.spikes(127, 2, keys, heads * width);
    Tensor v = samples.spikes(127, 2, keys, heads * valueWidth);
    float[] dy = real(samples, 2 * queries * heads * valueWidth);
    requireSameAttention(seed, q, k, v, heads, dy);
  }

  /** Sums of keys and values that float32 cannot hold. */
  @Property(tries = 3)
  void attentionOfManyKeys(@ForAll long seed) {
    Samples samples = new Samples(seed);
    Tensor q = samples.spikes(127, 1, 3, 6);
    Tensor k = samples.spikes(127, 1, 9000, 6);
    Tensor v = samples.spikes(127, 1, 9000, 10);
    requireSameAttention(seed, q, k, v, 2, real(samples, 3 * 10));
  }

  private static void requireSameAttention(
      long seed, Tensor q, Tensor k, Tensor v, int heads, float[] dy) {
    requireSameBits(
        seed,
        q.dim(0) * heads,
        1,
        (kernels, from, to, out) ->
            kernels.attention(
                q, k, v, heads, 0.3, dy, out.get(0), out.get(1), out.get(2), from, to),
        q.size(),
        k.size(),
        v.size());
  }

  @Property(tries = TRIES)
  void deformSample(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 11) int height,
      @ForAll @IntRange(min = 1, max = 11) int width,
      @ForAll @IntRange(min = 1, max = 5) int groups,
      @ForAll @IntRange(min = 1, max = 18) int groupWidth) {
    Samples samples = new Samples(seed);
    Tensor v = samples.real(Precision.F32, 2, height, width, groups * groupWidth);
    Tensor offset = samples.real(Precision.F32, 2, height, width, groups * 18);
    Tensor mask = samples.spikes(4, 2, height, width, groups * 9);
    float[] dy = real(samples, v.size());
    requireSameBits(
        seed,
        groups,
        1,
        (k, from, to, out) ->
            k.deformSample(
                v, offset, mask, groups, dy, out.get(0), out.get(1), out.get(2), from, to),
        v.size(),
        offset.size(),
        mask.size());
  }

  @Property(tries = TRIES)
  void resizeBilinear(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int newHeight,
      @ForAll @IntRange(min = 1, max = 20) int newWidth,
      @ForAll("sizes") int channels) {
    Samples samples = new Samples(seed);
    ResizeF32 resize = resize(2, height, width, newHeight, newWidth, channels);
    float[] dy = real(samples, 2 * newHeight * newWidth * channels);
    requireSameBits(
        seed,
        2 * height,
        1,
        (k, from, to, out) -> k.resizeBilinear(dy, resize, out.get(0), from, to),
        2 * height * width * channels);
  }

  private static ResizeF32 resize(int n, int h, int w, int oh, int ow, int channels) {
    return new ResizeF32(new Window(n, h, w, channels, channels, 1, 1, 1, 0, oh, ow));
  }
}
