package org.spike2former.verify.training;

import org.spike2former.tensor.Precision;

/** What the blocks of a network are fed while they are compared. */
public enum Feeding {
  /** What was computed in float64; either in float32, one after the other. */
  USUAL,
  /** What was recorded: block by block, so an error does not spread. */
  RECORDED,
  /** What was computed: end to end. */
  COMPUTED,
  /** Either in both precisions, one after the other. */
  BOTH;

  public boolean isRecorded(Precision precision) {
    return this == USUAL ? precision == Precision.F32 : this != COMPUTED;
  }

  public boolean isComputed() {
    return this != RECORDED;
  }
}
