package org.spike2former.tensor.layer;

/** How the weights of layers on spikes are held. */
public enum WeightType {
  /** As real numbers. */
  FLOAT,
  /** As 8-bit integers with one scale for each output channel, see {@code docs/int8.md}. */
  INT8
}
