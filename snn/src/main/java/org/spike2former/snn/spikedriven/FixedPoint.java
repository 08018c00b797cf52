package org.spike2former.snn.spikedriven;

/**
 * Numbers on a grid of a power of two that is as fine as it can be while every sum of them, and of
 * their multiples by spikes, is exact in float64. Then the order of additions does not matter.
 */
final class FixedPoint {
  private FixedPoint() {}

  /**
   * A number that rounds another to the grid by being added and taken away again.
   *
   * @param magnitudes sum of the magnitudes of all the numbers that meet in a sum
   * @param maxSpikes greatest multiple of each
   */
  static double anchor(double magnitudes, int maxSpikes) {
    // An ulp in float32 more, since rounding to the grid can make the sum greater.
    int exponent = Math.getExponent(magnitudes + Math.ulp((float) magnitudes));
    // At least 4 times the sum, for each number must be small beside the anchor.
    exponent += Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(maxSpikes - 1));
    long biased = Math.clamp(exponent + 1023L, 54, 2046);
    return Double.longBitsToDouble(biased << 52 | 1L << 51);
  }

  /** The nearest number on the anchor's grid. */
  static double round(double x, double anchor) {
    return x + anchor - anchor;
  }
}
