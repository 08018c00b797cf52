package org.spike2former.accel.tornado.kernels;

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
import org.spike2former.accel.Operation;
import org.spike2former.tensor.Tensor;

class PredictionKernelsTest {
  private static final float[] NO_FACTORS = {};

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
    check(Operation.PRODUCT, product.floats(), sizes, NO_FACTORS, a, b);
    byte[] labels = OPS.labels(product.reshape(n, rows, 1, columns), rows, 1).bytes();
    check(Operation.PRODUCT_ARGMAX, labels, sizes, NO_FACTORS, a, b);
    byte[] k = spikes(random, n * columns * depth);
    sizes[4] = columns;
    double scale = 1.0 / 3;
    float[] values = spikeValues(scale);
    float[] expected = OPS.product(left, Tensor.spikes(k, scale, n, columns, depth)).floats();
    check(Operation.PRODUCT, expected, sizes, NO_FACTORS, a, k, values);
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
    check(Operation.ARGMAX, expected, new int[] {67, 13}, NO_FACTORS, logits);
  }
}
