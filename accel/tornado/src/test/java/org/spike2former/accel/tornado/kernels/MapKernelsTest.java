package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.operation.Buffer.constant;
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
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.DeformSample;
import org.spike2former.accel.operation.Move;
import org.spike2former.accel.operation.Operation.Kind;
import org.spike2former.accel.operation.Resize;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;

class MapKernelsTest {
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
    check(
        expected,
        out ->
            new DeformSample(
                constant(v), constant(offset), constant(mask), n, h, w, groups, scale, out));
  }

  /** Positions and weights along an axis, as PyTorch with align_corners=False. */
  private static Resize.Axis axis(int in, int out) {
    int[] low = new int[out];
    int[] high = new int[out];
    float[] weight = new float[out];
    float scale = (float) in / out;
    for (int i = 0; i < out; i++) {
      float position = Math.max(0f, scale * (i + 0.5f) - 0.5f);
      low[i] = Math.min((int) position, in - 1);
      high[i] = Math.min(low[i] + 1, in - 1);
      weight[i] = position - low[i];
    }
    return new Resize.Axis(in, constant(low), constant(high), constant(weight));
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
    Resize.Axis rows = axis(h, oh);
    Resize.Axis columns = axis(w, ow);
    Tensor in = Tensor.of(x, n, h, w, channels);
    Tensor resized = OPS.resizeBilinear(in, oh, ow);
    check(
        resized.floats(),
        out ->
            new Resize(Kind.RESIZE_BILINEAR, constant(x), n, rows, columns, channels, null, out));
    byte[] labels = OPS.labels(in, oh, ow).bytes();
    check(
        labels,
        out -> new Resize(Kind.RESIZE_ARGMAX, constant(x), n, rows, columns, channels, null, out));
    Buffer powers = constant(powers());
    float[] sigmoid = OPS.sigmoid(resized).floats();
    check(
        sigmoid,
        out ->
            new Resize(Kind.RESIZE_SIGMOID, constant(x), n, rows, columns, channels, powers, out));
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
    check(expected, out -> new Move.Pad(constant(x), constant(shift), 2, 3, 5, out));
  }

  @Test
  void transposition() {
    float[] x = reals(random, 2 * 13 * 65);
    float[] expected = OPS.transpose(Tensor.of(x, 2, 13, 65)).floats();
    check(expected, out -> new Move.Transpose(constant(x), 2, 13, 65, out));
    byte[] k = spikes(random, 2 * 13 * 65);
    byte[] spikes = OPS.transpose(Tensor.spikes(k, 1, 2, 13, 65)).bytes();
    check(spikes, out -> new Move.Transpose(constant(k), 2, 13, 65, out));
  }

  @Test
  void copies() {
    float[] x = reals(random, 101);
    float[] expected = new float[90];
    Arrays.fill(expected, BEFORE);
    System.arraycopy(x, 7, expected, 19, 53);
    check(expected, out -> new Move.Copy(constant(x), 7, 53, 19, out));
    byte[] k = spikes(random, 101);
    byte[] bytes = new byte[90];
    Arrays.fill(bytes, BEFORE);
    System.arraycopy(k, 7, bytes, 19, 53);
    check(bytes, out -> new Move.Copy(constant(k), 7, 53, 19, out));
  }
}
