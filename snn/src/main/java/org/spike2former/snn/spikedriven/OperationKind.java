package org.spike2former.snn.spikedriven;

/** What additions and multiplications are done for. */
public enum OperationKind {
  /** Weight layers whose input is spikes. */
  NEURON_FED("weight layers fed by neurons"),
  /** The products of attention, kᵀ·v and q·(kᵀ·v). */
  ATTENTION("attention products"),
  /** The factor after attention's products, where no neuron absorbs it. */
  ATTENTION_SCALE("attention scale"),
  /** Mask embeddings with the mask feature. */
  MASKS("mask product"),
  /** Weight layers whose input is real numbers: the stem. */
  REAL_FED("weight layers fed by real numbers (stem)"),
  /** BatchNorms that are not folded into a layer. */
  BATCH_NORM("BatchNorm by itself"),
  /** Residuals, positions and level embeddings. */
  SUMS("residuals and embeddings"),
  /** Membranes of neurons with memory; other constant factors. */
  MEMBRANES("membranes and constant factors"),
  /** Layer scale that is not folded into a layer. */
  LAYER_SCALE("layer scale"),
  /** Deformable sampling. */
  SAMPLING("deformable sampling"),
  /** Bilinear resize within the network. */
  RESIZE("bilinear resize"),
  /** The head's sigmoid of the queries. */
  SIGMOID("sigmoid"),
  /** Means over time steps. */
  MEAN_TIME("mean over time"),
  /** Softmax, resize, sigmoid and sum over queries. */
  PREDICTION("semantic prediction");

  private final String label;

  OperationKind(String label) {
    this.label = label;
  }

  /** For reports. */
  public String label() {
    return label;
  }
}
