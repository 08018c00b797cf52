package org.spike2former.tensor.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.cpu.vector.gradient.VectorLossKernelsF32;
import org.spike2former.tensor.cpu.vector.gradient.VectorLossKernelsF64;

/** Lanes give the scalar reference's bits, at all magnitudes of logits and odd lengths. */
class LossKernelsTest {
  private static final double[] SPECIAL = {
    0, -0.0, 1e-30, -1e-30, 16.5, -16.5, 88, -88, 216, -216, 1e30, -1e30
  };

  private static double[] logits(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return DoubleStream.concat(
            Arrays.stream(SPECIAL), random.doubles(count, -1, 1).map(x -> 40 * x * x * x))
        .limit(count)
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 33, 224})
  void focal(int count) {
    double[] x = logits(count, 1);
    double[] signs =
        new SplittableRandom(2).ints(count, 0, 2).mapToDouble(i -> 2 * i - 1).toArray();
    double[][] wanted = new double[4][count + 3];
    double[][] found = new double[4][count + 3];
    float[][] wanted32 = new float[4][count + 3];
    float[][] found32 = new float[4][count + 3];
    new ScalarLossKernelsF64()
        .focal(x, signs, count, wanted[0], wanted[1], wanted[2], wanted[3], 3);
    new VectorLossKernelsF64().focal(x, signs, count, found[0], found[1], found[2], found[3], 3);
    new ScalarLossKernelsF32()
        .focal(
            floats(x), floats(signs), count, wanted32[0], wanted32[1], wanted32[2], wanted32[3], 3);
    new VectorLossKernelsF32()
        .focal(floats(x), floats(signs), count, found32[0], found32[1], found32[2], found32[3], 3);
    assertThat(found).isDeepEqualTo(wanted);
    assertThat(found32).isDeepEqualTo(wanted32);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 33, 224})
  void matching(int count) {
    double[] x = logits(count + 2, 3);
    double[][] wanted = new double[3][count];
    double[][] found = new double[3][count];
    float[][] wanted32 = new float[3][count];
    float[][] found32 = new float[3][count];
    new ScalarLossKernelsF64().matching(x, 2, wanted[0], wanted[1], wanted[2]);
    new VectorLossKernelsF64().matching(x, 2, found[0], found[1], found[2]);
    new ScalarLossKernelsF32().matching(floats(x), 2, wanted32[0], wanted32[1], wanted32[2]);
    new VectorLossKernelsF32().matching(floats(x), 2, found32[0], found32[1], found32[2]);
    assertThat(found).isDeepEqualTo(wanted);
    assertThat(found32).isDeepEqualTo(wanted32);
    assertThat(Arrays.stream(found).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite))
        .isTrue();
  }

  private static float[] floats(double[] x) {
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (float) x[i];
    }
    return out;
  }
}
