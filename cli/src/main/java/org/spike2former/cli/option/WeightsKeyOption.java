package org.spike2former.cli.option;

import picocli.CommandLine.Option;

/** Which of several networks in a weights file. */
public final class WeightsKeyOption {
  @Option(
      names = "--weights-key",
      paramLabel = "KEY",
      description =
          "Which network of a checkpoint that holds several: what its names begin with, such as"
              + " ema, or the dictionary it lies in, such as state_dict.")
  private String key;

  /** The key, or null for the usual choice. */
  public String key() {
    return key;
  }
}
