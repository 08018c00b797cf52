package org.spike2former.snn.spikedriven;

/**
 * Numbers on a grid of a power of two that is as fine as it can be while every sum of them, and of
 * their multiples by spikes, is exact in float64. Then the order of additions does not matter.
 */
final class FixedPoint {
  private double positive;
  private double negative;

  /** One more number that is to share the grid. */
  void include(double x) {
    if (x > 0) {
      positive += x;
    } else {
      negative -= x;
    }
  }

  /**
   * A number that rounds others to the grid by being added and taken away again.
   *
   * @param maxSpikes the greatest multiple of each
   */
  double anchor(int maxSpikes) {
    // A part in 2^22 more, since rounding to the grid can make the sum greater.
    long more = Double.doubleToRawLongBits(Math.max(positive, negative)) + (1L << 30);
    int exponent = Math.getExponent(Double.longBitsToDouble(more));
    // At least 4 times the sum, for each number must be small compared with the anchor.
    exponent += Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(maxSpikes - 1));
    long biased = Math.clamp(exponent + 1023L, 54, 2046);
    return Double.longBitsToDouble(biased << 52 | 1L << 51);
  }

  /** The nearest number on the anchor's grid. */
  static double round(double x, double anchor) {
    return x + anchor - anchor;
  }
}
