package org.spike2former.data.transform;

import org.spike2former.data.Sample;

/**
 * The size that a sample is padded to, below and on the right: with zeros after normalisation, and
 * labels without class.
 *
 * @param height smallest height
 * @param width smallest width
 * @param divisor both are then rounded up to a multiple of this
 */
public record Pad(int height, int width, int divisor) {
  /** No padding. */
  public static final Pad NONE = new Pad(1, 1, 1);

  /** Height after padding. */
  public int height(Sample sample) {
    return Math.ceilDiv(Math.max(height, sample.height()), divisor) * divisor;
  }

  /** Width after padding. */
  public int width(Sample sample) {
    return Math.ceilDiv(Math.max(width, sample.width()), divisor) * divisor;
  }
}
