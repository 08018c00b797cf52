package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.operation.Buffer.constant;
import static org.spike2former.accel.tornado.kernels.KernelCheck.OPS;
import static org.spike2former.accel.tornado.kernels.KernelCheck.check;
import static org.spike2former.accel.tornado.kernels.KernelCheck.powers;
import static org.spike2former.accel.tornado.kernels.KernelCheck.reals;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikeValues;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikes;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Neuron;
import org.spike2former.accel.operation.Operation.Kind;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;

class ElementwiseKernelsTest {
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
        check(expected, out -> new Neuron.Spikes(constant(x), max, out));
      }
    }
  }

  @Test
  void fireComparesWithTheThreshold() {
    float[] x = potentials(1009);
    byte[] expected = OPS.fire(Tensor.of(x, 1009), 0.5, 1).bytes();
    check(expected, out -> new Neuron.Fire(constant(x), 0.5f, out));
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
      check(
          expected,
          out -> new Elementwise.Affine(constant(x), constant(factor), constant(shift), out));
    }
  }

  @Test
  void sumsAndDifferences() {
    float[] a = reals(random, 1009);
    float[] b = reals(random, 1009);
    a[0] = -0f;
    b[0] = -0f;
    Tensor x = Tensor.of(a, 1009);
    Tensor y = Tensor.of(b, 1009);
    check(
        OPS.add(x, y).floats(),
        out -> new Elementwise.Sum(Kind.ADD, constant(a), constant(b), out));
    check(
        OPS.subtract(x, y).floats(),
        out -> new Elementwise.Sum(Kind.SUBTRACT, constant(a), constant(b), out));
  }

  @Test
  void multiplesOfRealNumbersAndOfSpikes() {
    float[] x = reals(random, 1009);
    float factor = 0.37f;
    float[] expected = OPS.multiply(Tensor.of(x, 1009), factor).floats();
    check(expected, out -> new Elementwise.Multiply(constant(x), null, factor, out));
    byte[] k = spikes(random, 1009);
    double scale = 1.0 / 3;
    expected = OPS.multiply(Tensor.spikes(k, scale, 1009), factor).floats();
    Buffer values = constant(spikeValues(scale));
    check(expected, out -> new Elementwise.Multiply(constant(k), values, factor, out));
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
      check(sum, out -> new Elementwise.AddTable(constant(x), constant(table), out));
      float[] scaled = OPS.addScaled(Tensor.of(x, sizes), row, Tensor.of(y, sizes)).floats();
      check(
          scaled, out -> new Elementwise.AddScaled(constant(x), constant(table), constant(y), out));
    }
  }

  @Test
  void meansOverTime() {
    for (int[] sizes : new int[][] {{1, 4, 65}, {3, 3, 13}, {2, 7, 1}}) {
      float[] x = reals(random, sizes[0] * sizes[1] * sizes[2]);
      Tensor maps = Tensor.of(x, sizes[0] * sizes[1], sizes[2]);
      float[] expected = OPS.meanTime(maps, sizes[0], sizes[1]).floats();
      check(expected, out -> new Elementwise.MeanTime(constant(x), sizes[0], sizes[1], out));
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
    check(expected, out -> new Elementwise.Sigmoid(constant(x), constant(powers()), out));
  }

  @Test
  void softmaxes() {
    for (int[] sizes : new int[][] {{101, 13}, {1, 1}, {65, 151}}) {
      float[] x = reals(random, sizes[0] * sizes[1]);
      for (int i = 0; i < x.length; i++) {
        x[i] = x[i] * (i % 50);
      }
      float[] expected = OPS.softmax(Tensor.of(x, sizes)).floats();
      check(
          expected, out -> new Elementwise.Softmax(constant(x), constant(powers()), sizes[1], out));
    }
  }
}
