package org.spike2former.model;

/** How a {@link Segmenter} applies weights to spikes. */
public enum Arithmetic {
  /** The network's layers as they are, BatchNorm folded. */
  PLAIN,
  /** Deployment form with integer spikes, see {@code IntegerOps}. */
  INTEGER,
  /** Deployment form with binary maps and additions, see {@code SpikeDrivenOps}. */
  SPIKES
}
