package org.spike2former.accel.operation;

import java.util.ArrayList;
import java.util.List;

/**
 * Bilinear resize, alone or with what follows it; a nearest one has axes whose low and high places
 * are the same.
 *
 * <p>With right = columns.weight and down = rows.weight: above = (1 − right)·x[low] +
 * right·x[high], below in the same way, (1 − down)·above + down·below, every product and sum
 * rounded by itself.
 *
 * @param kind {@link Kind#RESIZE_BILINEAR}; {@link Kind#RESIZE_SIGMOID} for the sigmoid of it;
 *     {@link Kind#RESIZE_ARGMAX} for the channel of the greatest, the first of equals
 * @param x FLOATS [n, rows.in, columns.in, channels]
 * @param n maps
 * @param rows where rows come from
 * @param columns where columns come from
 * @param channels channels, or classes
 * @param powers as {@link Elementwise.Sigmoid#powers} for the sigmoid; null for others
 * @param output FLOATS [n, rows.out, columns.out, channels]; BYTES [n, rows.out, columns.out] of
 *     channels
 */
public record Resize(
    Kind kind, Buffer x, int n, Axis rows, Axis columns, int channels, Buffer powers, Buffer output)
    implements Operation {
  /**
   * Sampling positions along an axis.
   *
   * @param in length of the axis that is read
   * @param low INTS [out]: the place before each position
   * @param high INTS [out]: the place after it
   * @param weight FLOATS [out]: the share of the place after it, 0 to 1
   */
  public record Axis(int in, Buffer low, Buffer high, Buffer weight) {
    /** Refuses buffers that do not fit. */
    public Axis {
      low.require("low", Buffer.Type.INTS, low.length());
      high.require("high", Buffer.Type.INTS, low.length());
      weight.require("weight", Buffer.Type.FLOATS, low.length());
    }

    /** Length of the axis that is written. */
    public int out() {
      return low.length();
    }
  }

  /** Refuses other kinds, and buffers that do not fit. */
  public Resize {
    long pixels = (long) n * rows.out() * columns.out();
    x.require("x", Buffer.Type.FLOATS, (long) n * rows.in() * columns.in() * channels);
    boolean sigmoid = kind == Kind.RESIZE_SIGMOID;
    if (kind == Kind.RESIZE_ARGMAX) {
      output.require("output", Buffer.Type.BYTES, pixels);
    } else if (sigmoid || kind == Kind.RESIZE_BILINEAR) {
      output.require("output", Buffer.Type.FLOATS, pixels * channels);
    } else {
      throw new IllegalArgumentException("expected a resize, found " + kind);
    }
    if (sigmoid) {
      powers.require("powers", Buffer.Type.FLOATS, Elementwise.POWERS);
    }
  }

  /** Pixels that are written over all maps. */
  public int pixels() {
    return n * rows.out() * columns.out();
  }

  @Override
  public List<Buffer> inputs() {
    List<Buffer> inputs =
        new ArrayList<>(
            List.of(
                x,
                rows.low(),
                rows.high(),
                rows.weight(),
                columns.low(),
                columns.high(),
                columns.weight()));
    if (kind == Kind.RESIZE_SIGMOID) {
      inputs.add(powers);
    }
    return inputs;
  }
}
