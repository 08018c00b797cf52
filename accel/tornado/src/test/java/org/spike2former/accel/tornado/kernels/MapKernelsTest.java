package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.tornado.kernels.KernelCheck.BEFORE;
import static org.spike2former.accel.tornado.kernels.KernelCheck.OPS;
import static org.spike2former.accel.tornado.kernels.KernelCheck.check;
import static org.spike2former.accel.tornado.kernels.KernelCheck.powers;
import static org.spike2former.accel.tornado.kernels.KernelCheck.reals;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikes;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.accel.Operation;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;

class MapKernelsTest {
  private static final float[] NO_FACTORS = {};

  private final Random random = new Random(4);

  @ParameterizedTest
  @CsvSource({"1, 5, 7, 16, 2", "2, 4, 3, 6, 3", "1, 13, 11, 5, 1"})
  void deformableSampling(int n, int h, int w, int channels, int groups) {
    float[] v = reals(random, n * h * w * channels);
    float[] offset = reals(random, n * h * w * groups * 18);
    byte[] mask = spikes(random, n * h * w * groups * 9);
    float[] odd = {0f, -0f, 1f, -1f, 0.5f, -2f, w, -w, 1e10f, -1e10f, 1e30f, -3e38f, h, -h};
    for (int i = 0; i < offset.length; i++) {
      offset[i] = i % 5 == 0 ? odd[random.nextInt(odd.length)] : offset[i] * 2;
    }
    float scale = 0.3f;
    float[] expected =
        OPS.deformSample(
                Tensor.of(v, n, h, w, channels),
                Tensor.of(offset, n, h, w, groups * 18),
                Tensor.spikes(mask, scale, n, h, w, groups * 9),
                groups)
            .floats();
    int[] sizes = {n, h, w, channels, groups};
    check(Operation.DEFORM_SAMPLE, expected, sizes, new float[] {scale}, v, offset, mask);
  }

  /** Positions and negated weights along an axis, as PyTorch with align_corners=False. */
  private record Axis(int[] low, int[] high, float[] minusWeight) {
    static Axis of(int in, int out) {
      Axis axis = new Axis(new int[out], new int[out], new float[out]);
      float scale = (float) in / out;
      for (int i = 0; i < out; i++) {
        float position = Math.max(0f, scale * (i + 0.5f) - 0.5f);
        axis.low[i] = Math.min((int) position, in - 1);
        axis.high[i] = Math.min(axis.low[i] + 1, in - 1);
        axis.minusWeight[i] = -(position - axis.low[i]);
      }
      return axis;
    }
  }

  @ParameterizedTest
  @CsvSource({
    // n, h, w, channels, new height, new width
    "2, 5, 7, 12, 13, 17",
    "1, 9, 8, 13, 3, 5",
    "1, 1, 1, 8, 4, 1"
  })
  void bilinearResize(int n, int h, int w, int channels, int oh, int ow) {
    float[] x = reals(random, n * h * w * channels);
    Axis rows = Axis.of(h, oh);
    Axis columns = Axis.of(w, ow);
    Object[] inputs = {
      x, rows.low, rows.high, rows.minusWeight, columns.low, columns.high, columns.minusWeight
    };
    int[] sizes = {n, h, w, channels, oh, ow};
    Tensor in = Tensor.of(x, n, h, w, channels);
    Tensor resized = OPS.resizeBilinear(in, oh, ow);
    check(Operation.RESIZE_BILINEAR, resized.floats(), sizes, NO_FACTORS, inputs);
    byte[] labels = OPS.labels(in, oh, ow).bytes();
    check(Operation.RESIZE_ARGMAX, labels, sizes, NO_FACTORS, inputs);
    Object[] withPowers = Arrays.copyOf(inputs, 8);
    withPowers[7] = powers();
    float[] sigmoid = OPS.sigmoid(resized).floats();
    check(Operation.RESIZE_SIGMOID, sigmoid, sizes, NO_FACTORS, withPowers);
  }

  @Test
  void nearestResize() {
    int[] sizes = {2, 5, 7, 3, 11, 4};
    int[] rows = new int[11];
    Arrays.setAll(rows, i -> i * 5 / 11);
    int[] columns = new int[4];
    Arrays.setAll(columns, i -> i * 7 / 4);
    float[] x = reals(random, 2 * 5 * 7 * 3);
    float[] expected = OPS.resizeNearest(Tensor.of(x, 2, 5, 7, 3), 11, 4).floats();
    check(Operation.RESIZE_NEAREST, expected, sizes, NO_FACTORS, x, rows, columns);
    byte[] k = spikes(random, 2 * 5 * 7 * 3);
    float[] real = new float[k.length];
    for (int i = 0; i < k.length; i++) {
      real[i] = k[i];
    }
    expected = OPS.resizeNearest(Tensor.of(real, 2, 5, 7, 3), 11, 4).floats();
    byte[] bytes = new byte[expected.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) expected[i];
    }
    check(Operation.RESIZE_NEAREST, bytes, sizes, NO_FACTORS, k, rows, columns);
  }

  @Test
  void padding() {
    float[] mean = reals(random, 13);
    float[] ones = new float[13];
    Arrays.fill(ones, 1);
    Parameter[] parts = new Parameter[4];
    for (int i = 0; i < 4; i++) {
      parts[i] = new Parameter("norm.weight", true, 13);
      parts[i].set(Tensor.of(i == 2 ? mean : ones, 13));
    }
    BatchNorm norm = new BatchNorm(parts[0], parts[1], parts[2], parts[3]);
    float[] shift = new float[13];
    for (int c = 0; c < 13; c++) {
      shift[c] = (float) norm.shift(c);
    }
    float[] x = reals(random, 2 * 3 * 5 * 13);
    float[] expected = OPS.padWithShift(Tensor.of(x, 2, 3, 5, 13), norm).floats();
    check(Operation.PAD, expected, new int[] {2, 3, 5, 13}, NO_FACTORS, x, shift);
  }

  @Test
  void transposition() {
    float[] x = reals(random, 2 * 13 * 65);
    float[] expected = OPS.transpose(Tensor.of(x, 2, 13, 65)).floats();
    check(Operation.TRANSPOSE, expected, new int[] {2, 13, 65}, NO_FACTORS, x);
    byte[] k = spikes(random, 2 * 13 * 65);
    byte[] spikes = OPS.transpose(Tensor.spikes(k, 1, 2, 13, 65)).bytes();
    check(Operation.TRANSPOSE, spikes, new int[] {2, 13, 65}, NO_FACTORS, k);
  }

  @Test
  void copies() {
    float[] x = reals(random, 101);
    float[] expected = new float[90];
    Arrays.fill(expected, BEFORE);
    System.arraycopy(x, 7, expected, 19, 53);
    check(Operation.COPY, expected, new int[] {53, 7, 19}, NO_FACTORS, x);
    byte[] k = spikes(random, 101);
    byte[] bytes = new byte[90];
    Arrays.fill(bytes, BEFORE);
    System.arraycopy(k, 7, bytes, 19, 53);
    check(Operation.COPY, bytes, new int[] {53, 7, 19}, NO_FACTORS, k);
  }
}
