package org.spike2former.model;

/** What the class scores of a pixel mean beside which of them is the greatest. */
public enum ScoreScale {
  /** They are not negative; a class's share of the pixel is its part of their sum. */
  PROPORTIONAL,
  /** They are logarithms; the shares are their softmax. */
  LOGARITHMIC
}
