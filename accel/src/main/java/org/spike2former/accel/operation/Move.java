package org.spike2former.accel.operation;

import java.util.List;

/** Operations that move elements and compute nothing. */
public sealed interface Move extends Operation {
  /** Refuses a pair of other elements than floats or bytes, or of two types. */
  private static void check(Buffer x, long length, Buffer output, long outputs) {
    if (x.type() == Buffer.Type.INTS) {
      throw new IllegalArgumentException("expected floats or bytes to move, found " + x);
    }
    x.require("x", x.type(), length);
    output.require("output", x.type(), outputs);
  }

  /**
   * A ring of pixels of constants around each map.
   *
   * @param x FLOATS [n, h, w, c]
   * @param shift FLOATS [c], what the ring holds
   * @param n maps
   * @param h height
   * @param w width
   * @param output FLOATS [n, h + 2, w + 2, c]
   */
  record Pad(Buffer x, Buffer shift, int n, int h, int w, Buffer output) implements Move {
    /** Refuses buffers that do not fit. */
    public Pad {
      long c = shift.length();
      x.require("x", Buffer.Type.FLOATS, c * n * h * w);
      shift.require("shift", Buffer.Type.FLOATS, c);
      output.require("output", Buffer.Type.FLOATS, c * n * (h + 2) * (w + 2));
    }

    /** Channels of a pixel. */
    public int channels() {
      return shift.length();
    }

    @Override
    public Kind kind() {
      return Kind.PAD;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x, shift);
    }
  }

  /**
   * Matrices transposed.
   *
   * @param x FLOATS or BYTES [n, rows, columns]
   * @param n matrices
   * @param rows rows of x
   * @param columns columns of x
   * @param output of x's type [n, columns, rows]
   */
  record Transpose(Buffer x, int n, int rows, int columns, Buffer output) implements Move {
    /** Refuses buffers that do not fit. */
    public Transpose {
      long length = (long) n * rows * columns;
      check(x, length, output, length);
    }

    @Override
    public Kind kind() {
      return Kind.TRANSPOSE;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x);
    }
  }

  /**
   * Neighbouring elements copied to a part of the output.
   *
   * @param x FLOATS or BYTES
   * @param from the first element's place in x
   * @param length how many
   * @param to the first element's place in the output
   * @param output of x's type
   */
  record Copy(Buffer x, int from, int length, int to, Buffer output) implements Move {
    /** Refuses buffers that do not fit. */
    public Copy {
      check(x, x.length(), output, output.length());
      if (from < 0 || to < 0 || length > x.length() - from || length > output.length() - to) {
        throw new IllegalArgumentException(
            length + " elements from " + from + " of " + x + " to " + to + " of " + output);
      }
    }

    @Override
    public Kind kind() {
      return Kind.COPY;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x);
    }
  }
}
