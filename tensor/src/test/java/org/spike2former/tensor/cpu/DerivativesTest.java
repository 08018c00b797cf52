package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Derivatives.AttentionGradient;
import org.spike2former.tensor.Derivatives.SampleGradient;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Derivatives have the same bits from scalar and vector kernels in either type and for any number
 * of threads, and are the adjoints of the forward operations: {@code ⟨dy, f(x)⟩ = ⟨dx, x⟩} for
 * every input in which an operation is linear.
 */
class DerivativesTest {
  private static final int TRIES = 60;

  /** Type to compute in, threads and random numbers of one comparison. */
  record Setting(Precision precision, int threads, long seed) {
    Samples samples() {
      return new Samples(seed);
    }
  }

  @Provide
  Arbitrary<Setting> settings() {
    return Combinators.combine(
            Arbitraries.of(Precision.F32, Precision.F64),
            Arbitraries.of(1, 2, 3, 7),
            Arbitraries.longs())
        .as(Setting::new);
  }

  @Provide
  Arbitrary<Integer> channels() {
    return Arbitraries.of(1, 3, 8, 16, 17, 33, 64, 130);
  }

  /** The vector kernels' results, after a comparison with the scalar kernels'. */
  private static List<Tensor> same(Setting setting, Function<Derivatives, List<Tensor>> operation) {
    try (Workers one = new Workers(1);
        Workers many = new Workers(setting.threads())) {
      List<Tensor> expected =
          operation.apply(Backends.createDerivatives(Backend.SCALAR, setting.precision(), one));
      List<Tensor> found =
          operation.apply(Backends.createDerivatives(Backend.VECTOR, setting.precision(), many));
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i).bitEquals(expected.get(i))).as("result %d", i).isTrue();
      }
      return found;
    }
  }

  private static Tensor exact(Function<Ops, Tensor> forward) {
    try (Workers one = new Workers(1)) {
      return forward.apply(Backends.create(Backend.SCALAR, Precision.F64, one));
    }
  }

  private static Tensor f64(Tensor x) {
    return x.dtype() == DType.SPIKES ? x : x.to(DType.F64);
  }

  /** Both inner products, to the precision of the type that the gradient was computed in. */
  private static void requireAdjoint(Setting setting, Tensor dy, Tensor y, Tensor dx, Tensor x) {
    double forward = 0;
    double size = 1;
    for (int i = 0; i < y.size(); i++) {
      forward += dy.get(i) * y.get(i);
      size += Math.abs(dy.get(i) * y.get(i));
    }
    double backward = 0;
    for (int i = 0; i < x.size(); i++) {
      backward += dx.get(i) * x.get(i);
      size += Math.abs(dx.get(i) * x.get(i));
    }
    double precision = setting.precision() == Precision.F32 ? 1e-5 : 1e-13;
    assertThat(backward).isCloseTo(forward, within(precision * size));
  }

  @Property(tries = TRIES)
  void weights(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll("channels") int cin,
      @ForAll("channels") int cout,
      @ForAll @IntRange(min = 0, max = 3) int halfKernel,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll boolean depthwise,
      @ForAll boolean spikes) {
    Samples samples = setting.samples();
    int kernel = 2 * halfKernel + 1;
    WeightLayer sample =
        depthwise
            ? samples.depthwise(cin, kernel, stride, halfKernel)
            : samples.dense(cin, cout, kernel, stride, halfKernel);
    WeightLayer layer =
        new WeightLayer(
            "l", sample.kind(), sample.weight(), null, List.of(), stride, sample.padding());
    Tensor x = samples.input(spikes, setting.precision(), 2, height, width, cin);
    Tensor y = exact(ops -> ops.layer(f64(x), layer));
    Tensor dy = samples.real(setting.precision(), y.shape());
    Tensor dw = same(setting, d -> List.of(d.linearWeight(dy, x, layer))).get(0);
    requireAdjoint(setting, dy, y, dw, layer.weight().value());
    Tensor dx = same(setting, d -> List.of(d.linearInput(dy, layer, x.shape()))).get(0);
    requireAdjoint(setting, dy, y, dx, x);
  }

  /** y is linear in q, in k and in v. */
  @Property(tries = TRIES)
  void attention(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 40) int queries,
      @ForAll @IntRange(min = 1, max = 40) int keys,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int valueWidth,
      @ForAll @IntRange(min = 1, max = 3) int heads) {
    Samples samples = setting.samples();
    Tensor q = samples.spikes(4, 2, queries, heads * width);
    Tensor k = samples.spikes(4, 2, keys, heads * width).rescaled(0.5);
    Tensor v = samples.spikes(4, 2, keys, heads * valueWidth).rescaled(2);
    Tensor dy = samples.real(setting.precision(), 2, queries, heads * valueWidth);
    Tensor y = exact(ops -> ops.attention(q, k, v, heads, 0.3));
    List<Tensor> gradients =
        same(
            setting,
            d -> {
              AttentionGradient gradient = d.attention(dy, q, k, v, heads, 0.3);
              return List.of(gradient.query(), gradient.key(), gradient.value());
            });
    requireAdjoint(setting, dy, y, gradients.get(0), q);
    requireAdjoint(setting, dy, y, gradients.get(1), k);
    requireAdjoint(setting, dy, y, gradients.get(2), v);
  }

  /** y is linear in the values and in the mask. */
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
    Tensor dy = samples.real(setting.precision(), v.shape());
    Tensor y = exact(ops -> ops.deformSample(f64(v), f64(offset), mask, groups));
    List<Tensor> gradients =
        same(
            setting,
            d -> {
              SampleGradient gradient = d.deformSample(dy, v, offset, mask, groups);
              return List.of(gradient.value(), gradient.mask(), gradient.offset());
            });
    requireAdjoint(setting, dy, y, gradients.get(0), v);
    requireAdjoint(setting, dy, y, gradients.get(1), mask);
  }

  @Property(tries = TRIES)
  void resize(
      @ForAll("settings") Setting setting,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int newHeight,
      @ForAll @IntRange(min = 1, max = 20) int newWidth,
      @ForAll("channels") int channels) {
    Samples samples = setting.samples();
    Tensor x = samples.real(setting.precision(), 2, height, width, channels);
    Tensor dy = samples.real(setting.precision(), 2, newHeight, newWidth, channels);
    Tensor y = exact(ops -> ops.resizeBilinear(f64(x), newHeight, newWidth));
    Tensor dx = same(setting, d -> List.of(d.resizeBilinear(dy, x.shape()))).get(0);
    requireAdjoint(setting, dy, y, dx, x);
    y = exact(ops -> ops.resizeNearest(f64(x), newHeight, newWidth));
    dx = same(setting, d -> List.of(d.resizeNearest(dy, x.shape()))).get(0);
    requireAdjoint(setting, dy, y, dx, x);
  }
}
