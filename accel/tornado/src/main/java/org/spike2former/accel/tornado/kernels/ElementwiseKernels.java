package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Operations on each element by itself, and those on each row. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static Launch affine(String id, Step step, Arrays arrays) {
    FloatArray x = arrays.floats(step.input(0));
    FloatArray factor = arrays.floats(step.input(1));
    FloatArray shift = arrays.floats(step.input(2));
    FloatArray out = arrays.floats(step.output());
    return new Launch(
        new TaskPackage(
            id, ElementwiseKernels::affine, x, factor, shift, out, step.size(0), step.size(1)));
  }

  /** See {@code Operation.AFFINE}. */
  static void affine(
      FloatArray x, FloatArray factor, FloatArray shift, FloatArray out, int rows, int channels) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int r = 0; r < rows; r++) {
        int i = r * channels + c;
        out.set(i, Fused.multiplyAdd(x.get(i), factor.get(c), shift.get(c)));
      }
    }
  }

  static Launch add(String id, Step step, Arrays arrays) {
    FloatArray a = arrays.floats(step.input(0));
    FloatArray b = arrays.floats(step.input(1));
    FloatArray out = arrays.floats(step.output());
    return new Launch(new TaskPackage(id, ElementwiseKernels::add, a, b, out, step.size(0)));
  }

  /** See {@code Operation.ADD}. */
  static void add(FloatArray a, FloatArray b, FloatArray out, int length) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, a.get(i) + b.get(i));
    }
  }

  static Launch subtract(String id, Step step, Arrays arrays) {
    FloatArray a = arrays.floats(step.input(0));
    FloatArray b = arrays.floats(step.input(1));
    FloatArray out = arrays.floats(step.output());
    return new Launch(new TaskPackage(id, ElementwiseKernels::subtract, a, b, out, step.size(0)));
  }

  /** See {@code Operation.SUBTRACT}. */
  static void subtract(FloatArray a, FloatArray b, FloatArray out, int length) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, a.get(i) - b.get(i));
    }
  }

  static Launch multiply(String id, Step step, Arrays arrays) {
    FloatArray out = arrays.floats(step.output());
    int length = step.size(0);
    float factor = step.factors()[0];
    if (step.input(0).type() == Buffer.Type.BYTES) {
      ByteArray k = arrays.bytes(step.input(0));
      FloatArray values = arrays.floats(step.input(1));
      return new Launch(
          new TaskPackage(id, ElementwiseKernels::multiplySpikes, k, values, out, length, factor));
    }
    FloatArray x = arrays.floats(step.input(0));
    return new Launch(new TaskPackage(id, ElementwiseKernels::multiply, x, out, length, factor));
  }

  /** See {@code Operation.MULTIPLY}. */
  static void multiply(FloatArray x, FloatArray out, int length, float factor) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, x.get(i) * factor);
    }
  }

  /** See {@code Operation.MULTIPLY}. */
  static void multiplySpikes(
      ByteArray x, FloatArray values, FloatArray out, int length, float factor) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, values.get(x.get(i)) * factor);
    }
  }

  static Launch addTable(String id, Step step, Arrays arrays) {
    FloatArray x = arrays.floats(step.input(0));
    FloatArray table = arrays.floats(step.input(1));
    FloatArray out = arrays.floats(step.output());
    return new Launch(
        new TaskPackage(
            id, ElementwiseKernels::addTable, x, table, out, step.size(0), step.size(1)));
  }

  /** See {@code Operation.ADD_TABLE}. */
  static void addTable(FloatArray x, FloatArray table, FloatArray out, int rows, int channels) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int r = 0; r < rows; r++) {
        int i = r * channels + c;
        out.set(i, x.get(i) + table.get(c));
      }
    }
  }

  static Launch addScaled(String id, Step step, Arrays arrays) {
    FloatArray x = arrays.floats(step.input(0));
    FloatArray gamma = arrays.floats(step.input(1));
    FloatArray y = arrays.floats(step.input(2));
    FloatArray out = arrays.floats(step.output());
    return new Launch(
        new TaskPackage(
            id, ElementwiseKernels::addScaled, x, gamma, y, out, step.size(0), step.size(1)));
  }

  /** See {@code Operation.ADD_SCALED}. */
  static void addScaled(
      FloatArray x, FloatArray gamma, FloatArray y, FloatArray out, int rows, int channels) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int r = 0; r < rows; r++) {
        int i = r * channels + c;
        out.set(i, Fused.multiplyAdd(gamma.get(c), y.get(i), x.get(i)));
      }
    }
  }

  static Launch meanTime(String id, Step step, Arrays arrays) {
    FloatArray x = arrays.floats(step.input(0));
    FloatArray out = arrays.floats(step.output());
    return new Launch(
        new TaskPackage(
            id, ElementwiseKernels::meanTime, x, out, step.size(0), step.size(1), step.size(2)));
  }

  /** See {@code Operation.MEAN_TIME}. */
  static void meanTime(FloatArray x, FloatArray out, int groups, int timeSteps, int block) {
    for (@Parallel int i = 0; i < block; i++) {
      for (@Parallel int g = 0; g < groups; g++) {
        float sum = 0;
        for (int t = 0; t < timeSteps; t++) {
          sum = sum + x.get((g * timeSteps + t) * block + i);
        }
        out.set(g * block + i, sum / timeSteps);
      }
    }
  }

  static Launch sigmoid(String id, Step step, Arrays arrays) {
    FloatArray x = arrays.floats(step.input(0));
    FloatArray powers = arrays.floats(step.input(1));
    FloatArray out = arrays.floats(step.output());
    return new Launch(
        new TaskPackage(id, ElementwiseKernels::sigmoid, x, powers, out, step.size(0)));
  }

  /** See {@code Operation.SIGMOID}. */
  static void sigmoid(FloatArray x, FloatArray powers, FloatArray out, int length) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, Exponential.sigmoid(x.get(i), powers));
    }
  }

  static Launch softmax(String id, Step step, Arrays arrays) {
    FloatArray x = arrays.floats(step.input(0));
    FloatArray powers = arrays.floats(step.input(1));
    FloatArray out = arrays.floats(step.output());
    return new Launch(
        new TaskPackage(
            id, ElementwiseKernels::softmax, x, powers, out, step.size(0), step.size(1)));
  }

  /** See {@code Operation.SOFTMAX}. */
  static void softmax(FloatArray x, FloatArray powers, FloatArray out, int rows, int width) {
    for (@Parallel int r = 0; r < rows; r++) {
      int base = r * width;
      float max = x.get(base);
      for (int i = 1; i < width; i++) {
        max = Math.max(max, x.get(base + i));
      }
      float sum = 0;
      for (int i = 0; i < width; i++) {
        float e = Exponential.exp(x.get(base + i) - max, powers);
        out.set(base + i, e);
        sum = sum + e;
      }
      for (int i = 0; i < width; i++) {
        out.set(base + i, out.get(base + i) / sum);
      }
    }
  }
}
