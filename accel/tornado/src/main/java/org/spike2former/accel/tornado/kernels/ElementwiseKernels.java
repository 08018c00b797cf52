package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Operation;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Operations on each element by itself, and those on each row. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static Launch launch(String id, Elementwise operation, Arrays arrays) {
    if (operation instanceof Elementwise.Chain(Buffer x, Finish finish)) {
      return new Launch(chainTask(id, arrays.floats(x), finish, arrays));
    }
    FloatArray out = arrays.floats(operation.output());
    int length = operation.output().length();
    return new Launch(
        switch (operation) {
          case Elementwise.Affine(Buffer x, Buffer factor, Buffer shift, _) ->
              new TaskPackage(
                  id,
                  ElementwiseKernels::affine,
                  arrays.floats(x),
                  arrays.floats(factor),
                  arrays.floats(shift),
                  out,
                  length / factor.length(),
                  factor.length());
          case Elementwise.Sum(Operation.Kind kind, Buffer a, Buffer b, _) ->
              kind == Operation.Kind.ADD
                  ? new TaskPackage(
                      id, ElementwiseKernels::add, arrays.floats(a), arrays.floats(b), out, length)
                  : new TaskPackage(
                      id,
                      ElementwiseKernels::subtract,
                      arrays.floats(a),
                      arrays.floats(b),
                      out,
                      length);
          case Elementwise.Multiply(Buffer x, Buffer values, float factor, _) ->
              values == null
                  ? new TaskPackage(
                      id, ElementwiseKernels::multiply, arrays.floats(x), out, length, factor)
                  : new TaskPackage(
                      id,
                      ElementwiseKernels::multiplySpikes,
                      arrays.bytes(x),
                      arrays.floats(values),
                      out,
                      length,
                      factor);
          case Elementwise.AddTable(Buffer x, Buffer table, _) ->
              new TaskPackage(
                  id,
                  ElementwiseKernels::addTable,
                  arrays.floats(x),
                  arrays.floats(table),
                  out,
                  length / table.length(),
                  table.length());
          case Elementwise.AddScaled(Buffer x, Buffer gamma, Buffer y, _) ->
              new TaskPackage(
                  id,
                  ElementwiseKernels::addScaled,
                  arrays.floats(x),
                  arrays.floats(gamma),
                  arrays.floats(y),
                  out,
                  length / gamma.length(),
                  gamma.length());
          case Elementwise.MeanTime(Buffer x, int groups, int timeSteps, _) ->
              new TaskPackage(
                  id,
                  ElementwiseKernels::meanTime,
                  arrays.floats(x),
                  out,
                  groups,
                  timeSteps,
                  length / groups);
          case Elementwise.Sigmoid(Buffer x, Buffer powers, _) ->
              new TaskPackage(
                  id,
                  ElementwiseKernels::sigmoid,
                  arrays.floats(x),
                  arrays.floats(powers),
                  out,
                  length);
          case Elementwise.Softmax(Buffer x, Buffer powers, int width, _) ->
              new TaskPackage(
                  id,
                  ElementwiseKernels::softmax,
                  arrays.floats(x),
                  arrays.floats(powers),
                  out,
                  length / width,
                  width);
          case Elementwise.Chain chain -> throw new IllegalArgumentException(chain + " is apart");
        });
  }

  private static TaskPackage chainTask(String id, FloatArray x, Finish finish, Arrays arrays) {
    return new TaskPackage(
        id,
        ElementwiseKernels::chain,
        x,
        finish.factor() == null ? x : arrays.floats(finish.factor()),
        finish.shift() == null ? x : arrays.floats(finish.shift()),
        finish.residual() == null ? x : arrays.floats(finish.residual()),
        arrays.floats(finish.floatsOrNone()),
        arrays.bytes(finish.spikesOrNone()),
        finish.length(),
        Math.max(1, finish.channels()),
        Finishes.how(finish));
  }

  /** See {@link Finish}. */
  static void chain(
      FloatArray x,
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
      int length,
      int channels,
      int how) {
    for (@Parallel int i = 0; i < length; i++) {
      float value = Finishes.apply(factor, shift, residual, x.get(i), i, i % channels, how);
      Finishes.put(out, spikes, value, i, how);
    }
  }

  /** See {@link Elementwise.Affine}. */
  static void affine(
      FloatArray x, FloatArray factor, FloatArray shift, FloatArray out, int rows, int channels) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int r = 0; r < rows; r++) {
        int i = r * channels + c;
        out.set(i, Fused.multiplyAdd(x.get(i), factor.get(c), shift.get(c)));
      }
    }
  }

  /** See {@link Elementwise.Sum}. */
  static void add(FloatArray a, FloatArray b, FloatArray out, int length) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, a.get(i) + b.get(i));
    }
  }

  /** See {@link Elementwise.Sum}. */
  static void subtract(FloatArray a, FloatArray b, FloatArray out, int length) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, a.get(i) - b.get(i));
    }
  }

  /** See {@link Elementwise.Multiply}. */
  static void multiply(FloatArray x, FloatArray out, int length, float factor) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, x.get(i) * factor);
    }
  }

  /** See {@link Elementwise.Multiply}. */
  static void multiplySpikes(
      ByteArray x, FloatArray values, FloatArray out, int length, float factor) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, values.get(x.get(i)) * factor);
    }
  }

  /** See {@link Elementwise.AddTable}. */
  static void addTable(FloatArray x, FloatArray table, FloatArray out, int rows, int channels) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int r = 0; r < rows; r++) {
        int i = r * channels + c;
        out.set(i, x.get(i) + table.get(c));
      }
    }
  }

  /** See {@link Elementwise.AddScaled}. */
  static void addScaled(
      FloatArray x, FloatArray gamma, FloatArray y, FloatArray out, int rows, int channels) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int r = 0; r < rows; r++) {
        int i = r * channels + c;
        out.set(i, Fused.multiplyAdd(gamma.get(c), y.get(i), x.get(i)));
      }
    }
  }

  /** See {@link Elementwise.MeanTime}. */
  static void meanTime(FloatArray x, FloatArray out, int groups, int timeSteps, int block) {
    for (@Parallel int i = 0; i < block; i++) {
      for (@Parallel int g = 0; g < groups; g++) {
        float sum = 0;
        for (int t = 0; t < timeSteps; t++) {
          sum = sum + x.get((g * timeSteps + t) * block + i);
        }
        // Both are exact; a product costs less, and no back end rounds it in another way.
        boolean isPower = (timeSteps & (timeSteps - 1)) == 0;
        out.set(g * block + i, isPower ? sum * (1f / timeSteps) : Quotient.of(sum, timeSteps));
      }
    }
  }

  /** See {@link Elementwise.Sigmoid}. */
  static void sigmoid(FloatArray x, FloatArray powers, FloatArray out, int length) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, Exponential.sigmoid(x.get(i), powers));
    }
  }

  /** See {@link Elementwise.Softmax}. */
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
        out.set(base + i, Quotient.of(out.get(base + i), sum));
      }
    }
  }
}
