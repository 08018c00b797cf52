package org.spike2former.accel.operation;

import java.util.List;
import java.util.stream.Stream;

/**
 * Operations on each element by itself, and those on each row; a row of channels is {@code c} long,
 * as its constants are.
 */
public sealed interface Elementwise extends Operation {
  /** Entries of a table of what spikes stand for. */
  int SPIKE_VALUES = 128;

  /**
   * Entries of a table of powers of two for the exponential function, {@link
   * org.spike2former.tensor.cpu.kernels.Exp}: entry n + 127 is 2^n for n = −127…127, and entry 0 is
   * 0.
   */
  int POWERS = 255;

  /** Refuses anything but this many floats. */
  private static void floats(String part, Buffer buffer, long length) {
    buffer.require(part, Buffer.Type.FLOATS, length);
  }

  /** Refuses anything but whole rows of this width. */
  private static void rows(Buffer x, int width, Buffer output) {
    floats("x", x, (long) x.length() / width * width);
    floats("output", output, x.length());
  }

  /**
   * a + b, or a − b.
   *
   * @param kind {@link Kind#ADD} or {@link Kind#SUBTRACT}
   * @param a FLOATS
   * @param b FLOATS
   * @param output FLOATS
   */
  record Sum(Kind kind, Buffer a, Buffer b, Buffer output) implements Elementwise {
    /** Refuses other kinds, and buffers that do not fit. */
    public Sum {
      if (kind != Kind.ADD && kind != Kind.SUBTRACT) {
        throw new IllegalArgumentException("expected ADD or SUBTRACT, found " + kind);
      }
      floats("a", a, output.length());
      floats("b", b, output.length());
      floats("output", output, output.length());
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(a, b);
    }
  }

  /**
   * x · factor.
   *
   * @param x FLOATS; or BYTES, which stand for values
   * @param values FLOATS [{@link #SPIKE_VALUES}]: what spikes stand for; null where x is FLOATS
   * @param factor the factor
   * @param output FLOATS
   */
  record Multiply(Buffer x, Buffer values, float factor, Buffer output) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public Multiply {
      x.require("x", values == null ? Buffer.Type.FLOATS : Buffer.Type.BYTES, output.length());
      floats("output", output, x.length());
      if (values != null) {
        floats("values", values, SPIKE_VALUES);
      }
    }

    @Override
    public Kind kind() {
      return Kind.MULTIPLY;
    }

    @Override
    public List<Buffer> inputs() {
      return values == null ? List.of(x) : List.of(x, values);
    }
  }

  /**
   * BatchNorm: fma(x, factor, shift).
   *
   * @param x FLOATS [rows, c]
   * @param factor FLOATS [c]
   * @param shift FLOATS [c]
   * @param output FLOATS [rows, c]
   */
  record Affine(Buffer x, Buffer factor, Buffer shift, Buffer output) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public Affine {
      rows(x, factor.length(), output);
      floats("factor", factor, factor.length());
      floats("shift", shift, factor.length());
    }

    /** Length of a row. */
    public int channels() {
      return factor.length();
    }

    @Override
    public Kind kind() {
      return Kind.AFFINE;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x, factor, shift);
    }
  }

  /**
   * x + table.
   *
   * @param x FLOATS [rows, c]
   * @param table FLOATS [c]
   * @param output FLOATS [rows, c]
   */
  record AddTable(Buffer x, Buffer table, Buffer output) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public AddTable {
      rows(x, table.length(), output);
      floats("table", table, table.length());
    }

    /** Length of a row. */
    public int channels() {
      return table.length();
    }

    @Override
    public Kind kind() {
      return Kind.ADD_TABLE;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x, table);
    }
  }

  /**
   * fma(gamma, y, x).
   *
   * @param x FLOATS [rows, c]
   * @param gamma FLOATS [c]
   * @param y FLOATS [rows, c]
   * @param output FLOATS [rows, c]
   */
  record AddScaled(Buffer x, Buffer gamma, Buffer y, Buffer output) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public AddScaled {
      rows(x, gamma.length(), output);
      floats("gamma", gamma, gamma.length());
      floats("y", y, x.length());
    }

    /** Length of a row. */
    public int channels() {
      return gamma.length();
    }

    @Override
    public Kind kind() {
      return Kind.ADD_SCALED;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x, gamma, y);
    }
  }

  /**
   * Several of these and a neuron, one after the other.
   *
   * @param x FLOATS
   * @param finish what becomes of each
   */
  record Chain(Buffer x, Finish finish) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public Chain {
      floats("x", x, finish.length());
    }

    @Override
    public Kind kind() {
      return Kind.CHAIN;
    }

    @Override
    public List<Buffer> inputs() {
      return Stream.concat(Stream.of(x), finish.inputs().stream()).toList();
    }

    @Override
    public Buffer output() {
      return finish.outputs().get(0);
    }

    @Override
    public List<Buffer> outputs() {
      return finish.outputs();
    }
  }

  /**
   * The mean over time: the sum in order, divided by their number.
   *
   * @param x FLOATS [groups, timeSteps, block]
   * @param groups means to take
   * @param timeSteps blocks of a mean
   * @param output FLOATS [groups, block]
   */
  record MeanTime(Buffer x, int groups, int timeSteps, Buffer output) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public MeanTime {
      floats("output", output, (long) output.length() / groups * groups);
      floats("x", x, (long) output.length() * timeSteps);
    }

    /** Elements of a group's mean. */
    public int block() {
      return output.length() / groups;
    }

    @Override
    public Kind kind() {
      return Kind.MEAN_TIME;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x);
    }
  }

  /**
   * 1/(1 + exp(−x)).
   *
   * @param x FLOATS
   * @param powers FLOATS [{@link #POWERS}]
   * @param output FLOATS
   */
  record Sigmoid(Buffer x, Buffer powers, Buffer output) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public Sigmoid {
      rows(x, 1, output);
      floats("powers", powers, POWERS);
    }

    @Override
    public Kind kind() {
      return Kind.SIGMOID;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x, powers);
    }
  }

  /**
   * As {@link org.spike2former.tensor.Ops#softmax}, on each row.
   *
   * @param x FLOATS [rows, width]
   * @param powers FLOATS [{@link #POWERS}]
   * @param width length of a row
   * @param output FLOATS [rows, width]
   */
  record Softmax(Buffer x, Buffer powers, int width, Buffer output) implements Elementwise {
    /** Refuses buffers that do not fit. */
    public Softmax {
      rows(x, width, output);
      floats("powers", powers, POWERS);
    }

    @Override
    public Kind kind() {
      return Kind.SOFTMAX;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(x, powers);
    }
  }
}
