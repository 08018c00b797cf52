package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Operations that move elements and compute nothing. */
final class MoveKernels {
  private MoveKernels() {}

  /** Whether a step moves bytes rather than floats. */
  private static boolean movesBytes(Step step) {
    if (step.input(0).type() == Buffer.Type.INTS) {
      throw new IllegalArgumentException("expected floats or bytes to move, found " + step);
    }
    return step.input(0).type() == Buffer.Type.BYTES;
  }

  static Launch pad(String id, Step step, Arrays arrays) {
    int h = step.size(1);
    int w = step.size(2);
    return new Launch(
        new TaskPackage(
            id,
            MoveKernels::pad,
            arrays.floats(step.input(0)),
            arrays.floats(step.input(1)),
            arrays.floats(step.output()),
            step.size(0) * (h + 2) * (w + 2),
            h,
            w,
            step.size(3)));
  }

  /** See {@code Operation.PAD}. */
  static void pad(
      FloatArray x, FloatArray shift, FloatArray out, int pixels, int h, int w, int channels) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        int row = p / (w + 2) % (h + 2) - 1;
        int column = p % (w + 2) - 1;
        int map = p / ((h + 2) * (w + 2)) * h;
        float value = shift.get(c);
        if (row >= 0 && row < h && column >= 0 && column < w) {
          value = x.get(((map + row) * w + column) * channels + c);
        }
        out.set(p * channels + c, value);
      }
    }
  }

  static Launch transpose(String id, Step step, Arrays arrays) {
    int n = step.size(0);
    int rows = step.size(1);
    int columns = step.size(2);
    if (movesBytes(step)) {
      ByteArray in = arrays.bytes(step.input(0));
      ByteArray out = arrays.bytes(step.output());
      return new Launch(
          new TaskPackage(id, MoveKernels::transposeBytes, in, out, n, rows, columns));
    }
    FloatArray in = arrays.floats(step.input(0));
    FloatArray out = arrays.floats(step.output());
    return new Launch(new TaskPackage(id, MoveKernels::transpose, in, out, n, rows, columns));
  }

  /** See {@code Operation.TRANSPOSE}. */
  static void transpose(FloatArray x, FloatArray out, int n, int rows, int columns) {
    for (@Parallel int r = 0; r < rows; r++) {
      for (@Parallel int line = 0; line < n * columns; line++) {
        int at = (line / columns * rows + r) * columns + line % columns;
        out.set(line * rows + r, x.get(at));
      }
    }
  }

  /** See {@code Operation.TRANSPOSE}. */
  static void transposeBytes(ByteArray x, ByteArray out, int n, int rows, int columns) {
    for (@Parallel int r = 0; r < rows; r++) {
      for (@Parallel int line = 0; line < n * columns; line++) {
        int at = (line / columns * rows + r) * columns + line % columns;
        out.set(line * rows + r, x.get(at));
      }
    }
  }

  static Launch copy(String id, Step step, Arrays arrays) {
    int length = step.size(0);
    int from = step.size(1);
    int to = step.size(2);
    if (movesBytes(step)) {
      ByteArray in = arrays.bytes(step.input(0));
      ByteArray out = arrays.bytes(step.output());
      return new Launch(new TaskPackage(id, MoveKernels::copyBytes, in, out, length, from, to));
    }
    FloatArray in = arrays.floats(step.input(0));
    FloatArray out = arrays.floats(step.output());
    return new Launch(new TaskPackage(id, MoveKernels::copy, in, out, length, from, to));
  }

  /** See {@code Operation.COPY}. */
  static void copy(FloatArray x, FloatArray out, int length, int from, int to) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(to + i, x.get(from + i));
    }
  }

  /** See {@code Operation.COPY}. */
  static void copyBytes(ByteArray x, ByteArray out, int length, int from, int to) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(to + i, x.get(from + i));
    }
  }

  static Launch resizeNearest(String id, Step step, Arrays arrays) {
    IntArray rows = arrays.ints(step.input(1));
    IntArray columns = arrays.ints(step.input(2));
    int h = step.size(1);
    int w = step.size(2);
    int channels = step.size(3);
    int oh = step.size(4);
    int ow = step.size(5);
    int pixels = step.size(0) * oh * ow;
    if (movesBytes(step)) {
      return new Launch(
          new TaskPackage(
              id,
              MoveKernels::resizeNearestBytes,
              arrays.bytes(step.input(0)),
              rows,
              columns,
              arrays.bytes(step.output()),
              pixels,
              h,
              w,
              channels,
              oh,
              ow));
    }
    return new Launch(
        new TaskPackage(
            id,
            MoveKernels::resizeNearest,
            arrays.floats(step.input(0)),
            rows,
            columns,
            arrays.floats(step.output()),
            pixels,
            h,
            w,
            channels,
            oh,
            ow));
  }

  /** See {@code Operation.RESIZE_NEAREST}. */
  static void resizeNearest(
      FloatArray x,
      IntArray rows,
      IntArray columns,
      FloatArray out,
      int pixels,
      int h,
      int w,
      int channels,
      int oh,
      int ow) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        int row = p / (oh * ow) * h + rows.get(p / ow % oh);
        out.set(p * channels + c, x.get((row * w + columns.get(p % ow)) * channels + c));
      }
    }
  }

  /** See {@code Operation.RESIZE_NEAREST}. */
  static void resizeNearestBytes(
      ByteArray x,
      IntArray rows,
      IntArray columns,
      ByteArray out,
      int pixels,
      int h,
      int w,
      int channels,
      int oh,
      int ow) {
    for (@Parallel int c = 0; c < channels; c++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        int row = p / (oh * ow) * h + rows.get(p / ow % oh);
        out.set(p * channels + c, x.get((row * w + columns.get(p % ow)) * channels + c));
      }
    }
  }
}
