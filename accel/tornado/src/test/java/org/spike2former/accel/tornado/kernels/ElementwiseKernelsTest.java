package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.tornado.kernels.KernelCheck.OPS;
import static org.spike2former.accel.tornado.kernels.KernelCheck.check;
import static org.spike2former.accel.tornado.kernels.KernelCheck.powers;
import static org.spike2former.accel.tornado.kernels.KernelCheck.reals;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikeValues;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikes;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.Operation;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;

class ElementwiseKernelsTest {
  private static final float[] NO_FACTORS = {};

  private final Random random = new Random(1);

  /** Ties, both zeros and what lies outside the bounds, among random numbers. */
  private float[] potentials(int length) {
    float[] x = reals(random, length);
    float[] special = {-0f, 0f, 0.5f, 1.5f, 2.5f, 3.5f, 4.5f, -0.5f, 1e30f, -1e30f, 8f, 7.5f, 8.5f};
    for (int i = 0; i < length; i++) {
      x[i] = i < special.length ? special[i] : x[i] * 4;
    }
    return x;
  }

  @Test
  void spikesRoundHalfToEven() {
    for (int length : new int[] {1, 13, 4099}) {
      for (int max : new int[] {1, 4, 8}) {
        float[] x = potentials(length);
        byte[] expected = OPS.spikes(Tensor.of(x, length), max, 1).bytes();
        check(Operation.SPIKES, expected, new int[] {length, max}, NO_FACTORS, x);
      }
    }
  }

  @Test
  void fireComparesWithTheThreshold() {
    float[] x = potentials(1009);
    byte[] expected = OPS.fire(Tensor.of(x, 1009), 0.5, 1).bytes();
    check(Operation.FIRE, expected, new int[] {1009}, new float[] {0.5f}, x);
  }

  @Test
  void affineFusesItsProduct() {
    for (int[] sizes : new int[][] {{61, 13}, {1, 1}, {63, 65}}) {
      int channels = sizes[1];
      Parameter[] parts = new Parameter[4];
      for (int i = 0; i < 4; i++) {
        parts[i] = new Parameter("norm.weight", true, channels);
        float[] numbers = reals(random, channels);
        numbers[0] = Math.abs(numbers[0]);
        for (int c = 0; i == 3 && c < channels; c++) {
          numbers[c] = Math.abs(numbers[c]);
        }
        parts[i].set(Tensor.of(numbers, channels));
      }
      BatchNorm norm = new BatchNorm(parts[0], parts[1], parts[2], parts[3]);
      float[] factor = new float[channels];
      float[] shift = new float[channels];
      for (int c = 0; c < channels; c++) {
        factor[c] = (float) norm.factor(c);
        shift[c] = (float) norm.shift(c);
      }
      float[] x = reals(random, sizes[0] * channels);
      float[] expected = OPS.batchNorm(Tensor.of(x, sizes), norm).floats();
      check(Operation.AFFINE, expected, sizes, NO_FACTORS, x, factor, shift);
    }
  }

  @Test
  void sumsAndDifferences() {
    int[] sizes = {1009};
    float[] a = reals(random, 1009);
    float[] b = reals(random, 1009);
    a[0] = -0f;
    b[0] = -0f;
    Tensor x = Tensor.of(a, 1009);
    Tensor y = Tensor.of(b, 1009);
    check(Operation.ADD, OPS.add(x, y).floats(), sizes, NO_FACTORS, a, b);
    check(Operation.SUBTRACT, OPS.subtract(x, y).floats(), sizes, NO_FACTORS, a, b);
  }

  @Test
  void multiplesOfRealNumbersAndOfSpikes() {
    float[] x = reals(random, 1009);
    float factor = 0.37f;
    float[] expected = OPS.multiply(Tensor.of(x, 1009), factor).floats();
    check(Operation.MULTIPLY, expected, new int[] {1009}, new float[] {factor}, x);
    byte[] k = spikes(random, 1009);
    double scale = 1.0 / 3;
    expected = OPS.multiply(Tensor.spikes(k, scale, 1009), factor).floats();
    float[] values = spikeValues(scale);
    check(Operation.MULTIPLY, expected, new int[] {1009}, new float[] {factor}, k, values);
  }

  @Test
  void tablesAndScaledBranches() {
    for (int[] sizes : new int[][] {{61, 13}, {63, 65}, {200, 1}}) {
      int channels = sizes[1];
      float[] x = reals(random, sizes[0] * channels);
      float[] y = reals(random, sizes[0] * channels);
      float[] table = reals(random, channels);
      Tensor row = Tensor.of(table, channels);
      float[] sum = OPS.addTable(Tensor.of(x, sizes), row).floats();
      check(Operation.ADD_TABLE, sum, sizes, NO_FACTORS, x, table);
      float[] scaled = OPS.addScaled(Tensor.of(x, sizes), row, Tensor.of(y, sizes)).floats();
      check(Operation.ADD_SCALED, scaled, sizes, NO_FACTORS, x, table, y);
    }
  }

  @Test
  void meansOverTime() {
    for (int[] sizes : new int[][] {{1, 4, 65}, {3, 3, 13}, {2, 7, 1}}) {
      float[] x = reals(random, sizes[0] * sizes[1] * sizes[2]);
      Tensor maps = Tensor.of(x, sizes[0] * sizes[1], sizes[2]);
      float[] expected = OPS.meanTime(maps, sizes[0], sizes[1]).floats();
      check(Operation.MEAN_TIME, expected, sizes, NO_FACTORS, x);
    }
  }

  @Test
  void sigmoids() {
    int length = 20_011;
    float[] x = reals(random, length);
    for (int i = 0; i < length; i++) {
      x[i] = x[i] * (i % 100);
    }
    x[0] = -0f;
    x[1] = Float.POSITIVE_INFINITY;
    x[2] = Float.NEGATIVE_INFINITY;
    float[] expected = OPS.sigmoid(Tensor.of(x, length)).floats();
    check(Operation.SIGMOID, expected, new int[] {length}, NO_FACTORS, x, powers());
  }

  @Test
  void softmaxes() {
    for (int[] sizes : new int[][] {{101, 13}, {1, 1}, {65, 151}}) {
      float[] x = reals(random, sizes[0] * sizes[1]);
      for (int i = 0; i < x.length; i++) {
        x[i] = x[i] * (i % 50);
      }
      float[] expected = OPS.softmax(Tensor.of(x, sizes)).floats();
      check(Operation.SOFTMAX, expected, sizes, NO_FACTORS, x, powers());
    }
  }
}
