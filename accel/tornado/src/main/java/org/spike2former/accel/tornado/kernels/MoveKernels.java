package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Move;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Operations that move elements and compute nothing. */
final class MoveKernels {
  private MoveKernels() {}

  static Launch launch(String id, Move move, Arrays arrays) {
    return new Launch(
        switch (move) {
          case Move.Pad pad ->
              new TaskPackage(
                  id,
                  MoveKernels::pad,
                  arrays.floats(pad.x()),
                  arrays.floats(pad.shift()),
                  arrays.floats(pad.output()),
                  pad.n() * (pad.h() + 2) * (pad.w() + 2),
                  pad.h(),
                  pad.w(),
                  pad.channels());
          case Move.Transpose(Buffer x, int n, int rows, int columns, Buffer out) ->
              x.type() == Buffer.Type.BYTES
                  ? new TaskPackage(
                      id,
                      MoveKernels::transposeBytes,
                      arrays.bytes(x),
                      arrays.bytes(out),
                      n,
                      rows,
                      columns)
                  : new TaskPackage(
                      id,
                      MoveKernels::transpose,
                      arrays.floats(x),
                      arrays.floats(out),
                      n,
                      rows,
                      columns);
          case Move.Copy(Buffer x, int from, int length, int to, Buffer out) ->
              x.type() == Buffer.Type.BYTES
                  ? new TaskPackage(
                      id,
                      MoveKernels::copyBytes,
                      arrays.bytes(x),
                      arrays.bytes(out),
                      length,
                      from,
                      to)
                  : new TaskPackage(
                      id,
                      MoveKernels::copy,
                      arrays.floats(x),
                      arrays.floats(out),
                      length,
                      from,
                      to);
        });
  }

  /** See {@link Move.Pad}. */
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

  /** See {@link Move.Transpose}. */
  static void transpose(FloatArray x, FloatArray out, int n, int rows, int columns) {
    for (@Parallel int r = 0; r < rows; r++) {
      for (@Parallel int line = 0; line < n * columns; line++) {
        int at = (line / columns * rows + r) * columns + line % columns;
        out.set(line * rows + r, x.get(at));
      }
    }
  }

  /** See {@link Move.Transpose}. */
  static void transposeBytes(ByteArray x, ByteArray out, int n, int rows, int columns) {
    for (@Parallel int r = 0; r < rows; r++) {
      for (@Parallel int line = 0; line < n * columns; line++) {
        int at = (line / columns * rows + r) * columns + line % columns;
        out.set(line * rows + r, x.get(at));
      }
    }
  }

  /** See {@link Move.Copy}. */
  static void copy(FloatArray x, FloatArray out, int length, int from, int to) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(to + i, x.get(from + i));
    }
  }

  /** See {@link Move.Copy}. */
  static void copyBytes(ByteArray x, ByteArray out, int length, int from, int to) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(to + i, x.get(from + i));
    }
  }
}
