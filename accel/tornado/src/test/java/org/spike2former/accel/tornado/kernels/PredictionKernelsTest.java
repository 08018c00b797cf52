package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.operation.Buffer.constant;
import static org.spike2former.accel.tornado.kernels.KernelCheck.OPS;
import static org.spike2former.accel.tornado.kernels.KernelCheck.check;
import static org.spike2former.accel.tornado.kernels.KernelCheck.reals;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikeValues;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikes;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Operation.Kind;
import org.spike2former.accel.operation.Prediction;
import org.spike2former.tensor.Tensor;

class PredictionKernelsTest {
  private final Random random = new Random(5);

  @ParameterizedTest
  @CsvSource({
    // n, rows, columns, depth, rows of b
    "2, 63, 13, 65, 14",
    "1, 1, 1, 1, 1",
    "1, 101, 19, 100, 20",
    "2, 7, 24, 33, 24"
  })
  void products(int n, int rows, int columns, int depth, int bRows) {
    int[] sizes = {n, rows, columns, depth, bRows};
    float[] a = reals(random, n * rows * depth);
    float[] b = reals(random, n * bRows * depth);
    Tensor left = Tensor.of(a, n, rows, depth);
    Tensor product = OPS.product(left, Tensor.of(first(b, sizes), n, columns, depth));
    check(product.floats(), out -> product(Kind.PRODUCT, a, constant(b), null, sizes, out));
    byte[] labels = OPS.labels(product.reshape(n, rows, 1, columns), rows, 1).bytes();
    check(labels, out -> product(Kind.PRODUCT_ARGMAX, a, constant(b), null, sizes, out));
    byte[] k = spikes(random, n * columns * depth);
    double scale = 1.0 / 3;
    Buffer values = constant(spikeValues(scale));
    float[] expected = OPS.product(left, Tensor.spikes(k, scale, n, columns, depth)).floats();
    check(expected, out -> product(Kind.PRODUCT, a, constant(k), values, sizes, out));
  }

  private static Prediction.Product product(
      Kind kind, float[] a, Buffer b, Buffer values, int[] sizes, Buffer out) {
    return new Prediction.Product(
        kind, constant(a), b, values, sizes[0], sizes[1], sizes[2], sizes[3], out);
  }

  /** The first columns rows of each matrix of b. */
  private static float[] first(float[] b, int[] sizes) {
    int length = sizes[2] * sizes[3];
    float[] first = new float[sizes[0] * length];
    for (int n = 0; n < sizes[0]; n++) {
      System.arraycopy(b, n * sizes[4] * sizes[3], first, n * length, length);
    }
    return first;
  }

  @Test
  void theFirstOfEqualLogitsWins() {
    float[] logits = reals(random, 67 * 13);
    Arrays.fill(logits, 0, 13, -3f);
    logits[14] = logits[15] = 9f;
    logits[26] = -0f;
    logits[27] = 0f;
    for (int i = 28; i < 39; i++) {
      logits[i] = -1f;
    }
    byte[] expected = OPS.labels(Tensor.of(logits, 1, 67, 1, 13), 67, 1).bytes();
    check(expected, out -> new Prediction.Argmax(constant(logits), 13, out));
  }
}
