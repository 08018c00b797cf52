package org.spike2former.accel.operation;

import java.util.List;

/** Products of two computed matrices, and labels. */
public sealed interface Prediction extends Operation {
  /**
   * a·bᵀ: sums over depth from 0, one fused multiply-add each.
   *
   * @param kind {@link Kind#PRODUCT}; {@link Kind#PRODUCT_ARGMAX} for the column of the greatest of
   *     a row, the first of equals
   * @param a FLOATS [n, rows, depth]
   * @param b FLOATS [n, bRows, depth], of whose rows the first {@code columns} count; or BYTES,
   *     which stand for values
   * @param values FLOATS [{@link Elementwise#SPIKE_VALUES}]: what spikes stand for; null where b is
   *     FLOATS
   * @param n matrices
   * @param rows rows of a
   * @param columns columns of the product
   * @param depth length of a sum
   * @param output FLOATS [n, rows, columns]; BYTES [n, rows] of columns
   */
  record Product(
      Kind kind,
      Buffer a,
      Buffer b,
      Buffer values,
      int n,
      int rows,
      int columns,
      int depth,
      Buffer output)
      implements Prediction {
    /** Refuses other kinds, and buffers that do not fit. */
    public Product {
      long lines = (long) n * rows;
      if (kind == Kind.PRODUCT) {
        output.require("output", Buffer.Type.FLOATS, lines * columns);
      } else if (kind == Kind.PRODUCT_ARGMAX && values == null) {
        output.require("output", Buffer.Type.BYTES, lines);
      } else {
        throw new IllegalArgumentException("expected a product of floats, found " + kind);
      }
      a.require("a", Buffer.Type.FLOATS, lines * depth);
      long bRows = b.length() / n / depth;
      b.require(
          "b",
          values == null ? Buffer.Type.FLOATS : Buffer.Type.BYTES,
          n * Math.max(bRows, columns) * depth);
      if (values != null) {
        values.require("values", Buffer.Type.FLOATS, Elementwise.SPIKE_VALUES);
      }
    }

    /** Rows of b. */
    public int bRows() {
      return b.length() / n / depth;
    }

    @Override
    public List<Buffer> inputs() {
      return values == null ? List.of(a, b) : List.of(a, b, values);
    }
  }

  /**
   * The class of the greatest logit of a pixel, the first of equals.
   *
   * @param logits FLOATS [pixels, classes]
   * @param classes classes
   * @param output BYTES [pixels]
   */
  record Argmax(Buffer logits, int classes, Buffer output) implements Prediction {
    /** Refuses buffers that do not fit. */
    public Argmax {
      logits.require("logits", Buffer.Type.FLOATS, (long) output.length() * classes);
      output.require("output", Buffer.Type.BYTES, output.length());
    }

    @Override
    public Kind kind() {
      return Kind.ARGMAX;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(logits);
    }
  }
}
