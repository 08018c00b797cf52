package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Products of two computed matrices, and labels. */
final class PredictionKernels {
  private PredictionKernels() {}

  static Launch product(String id, Step step, Arrays arrays) {
    FloatArray a = arrays.floats(step.input(0));
    FloatArray out = arrays.floats(step.output());
    int rows = step.size(1);
    int columns = step.size(2);
    int depth = step.size(3);
    int bRows = step.size(4);
    int lines = step.size(0) * rows;
    if (step.input(1).type() == Buffer.Type.BYTES) {
      return new Launch(
          new TaskPackage(
              id,
              PredictionKernels::productSpikes,
              a,
              arrays.bytes(step.input(1)),
              arrays.floats(step.input(2)),
              out,
              lines,
              rows,
              columns,
              depth,
              bRows));
    }
    return new Launch(
        new TaskPackage(
            id,
            PredictionKernels::product,
            a,
            arrays.floats(step.input(1)),
            out,
            lines,
            rows,
            columns,
            depth,
            bRows));
  }

  /** See {@code Operation.PRODUCT}. */
  static void product(
      FloatArray a,
      FloatArray b,
      FloatArray out,
      int lines,
      int rows,
      int columns,
      int depth,
      int bRows) {
    for (@Parallel int column = 0; column < columns; column++) {
      for (@Parallel int line = 0; line < lines; line++) {
        int bAt = (line / rows * bRows + column) * depth;
        out.set(line * columns + column, dot(a, b, line * depth, bAt, depth));
      }
    }
  }

  private static float dot(FloatArray a, FloatArray b, int aAt, int bAt, int depth) {
    float sum = 0;
    for (int i = 0; i < depth; i++) {
      sum = Fused.multiplyAdd(a.get(aAt + i), b.get(bAt + i), sum);
    }
    return sum;
  }

  /** See {@code Operation.PRODUCT}. */
  static void productSpikes(
      FloatArray a,
      ByteArray b,
      FloatArray values,
      FloatArray out,
      int lines,
      int rows,
      int columns,
      int depth,
      int bRows) {
    for (@Parallel int column = 0; column < columns; column++) {
      for (@Parallel int line = 0; line < lines; line++) {
        int bAt = (line / rows * bRows + column) * depth;
        float sum = 0;
        for (int i = 0; i < depth; i++) {
          sum = Fused.multiplyAdd(a.get(line * depth + i), values.get(b.get(bAt + i)), sum);
        }
        out.set(line * columns + column, sum);
      }
    }
  }

  static Launch productArgmax(String id, Step step, Arrays arrays) {
    return new Launch(
        new TaskPackage(
            id,
            PredictionKernels::productArgmax,
            arrays.floats(step.input(0)),
            arrays.floats(step.input(1)),
            arrays.bytes(step.output()),
            step.size(0) * step.size(1),
            step.size(1),
            step.size(2),
            step.size(3),
            step.size(4)));
  }

  /** See {@code Operation.PRODUCT_ARGMAX}. */
  static void productArgmax(
      FloatArray a,
      FloatArray b,
      ByteArray out,
      int lines,
      int rows,
      int columns,
      int depth,
      int bRows) {
    for (@Parallel int line = 0; line < lines; line++) {
      int bAt = line / rows * bRows * depth;
      float greatest = 0;
      int best = 0;
      for (int column = 0; column < columns; column++) {
        float value = dot(a, b, line * depth, bAt + column * depth, depth);
        if (column == 0 || value > greatest) {
          greatest = value;
          best = column;
        }
      }
      out.set(line, (byte) best);
    }
  }

  static Launch argmax(String id, Step step, Arrays arrays) {
    return new Launch(
        new TaskPackage(
            id,
            PredictionKernels::argmax,
            arrays.floats(step.input(0)),
            arrays.bytes(step.output()),
            step.size(0),
            step.size(1)));
  }

  /** See {@code Operation.ARGMAX}. */
  static void argmax(FloatArray logits, ByteArray out, int pixels, int classes) {
    for (@Parallel int p = 0; p < pixels; p++) {
      float greatest = logits.get(p * classes);
      int best = 0;
      for (int k = 1; k < classes; k++) {
        if (logits.get(p * classes + k) > greatest) {
          greatest = logits.get(p * classes + k);
          best = k;
        }
      }
      out.set(p, (byte) best);
    }
  }
}
