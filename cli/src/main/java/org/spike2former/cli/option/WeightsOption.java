package org.spike2former.cli.option;

import org.spike2former.tensor.layer.WeightType;
import picocli.CommandLine.Option;

/** The option that says how weights are held. */
public final class WeightsOption {
  @Option(
      names = "--weights",
      paramLabel = "float|int8",
      description = "float (default), or int8: 8-bit integers in the layers on spikes.",
      defaultValue = "float")
  private WeightType type;

  public WeightType type() {
    return type;
  }
}
