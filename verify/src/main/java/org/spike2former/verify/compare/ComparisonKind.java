package org.spike2former.verify.compare;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a row of a report compares. */
public enum ComparisonKind {
  /** A result of the network or of one of its parts, recorded in float64. */
  OUTPUT("output"),
  /** The same recorded in float32. */
  OUTPUT_F32("output f32"),
  /** The output of a block inside the network. */
  TRACE("trace"),
  /** The integer output of a neuron layer. */
  SPIKES("spikes"),
  /** The mean of every channel of what a neuron layer is given. */
  POTENTIAL("potential mean"),
  /** A tensor of a checkpoint. */
  WEIGHT("weight"),
  /** A file of a folder. */
  FILE("file"),
  /** A gradient of a parameter or of the input. */
  GRADIENT("gradient"),
  /** A running statistic after a step. */
  BUFFER("buffer"),
  /** A loss, a cost of the matching, a gradient's norm or a learning rate. */
  LOSS("loss"),
  /** Queries that the matching chose. */
  MATCHING("matching"),
  /** Areas and metrics of a segmentation. */
  METRIC("metric");

  private final String label;

  ComparisonKind(String label) {
    this.label = label;
  }

  /** Whether a network computes it, rather than being made of it. */
  public boolean isComputed() {
    return this != WEIGHT && this != FILE;
  }

  /** The kind as reports write it. */
  @JsonValue
  public String label() {
    return label;
  }
}
