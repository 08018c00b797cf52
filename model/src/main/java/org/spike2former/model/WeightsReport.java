package org.spike2former.model;

import java.util.List;

/**
 * How a checkpoint fits a network.
 *
 * @param loaded names that were read
 * @param missing names that the network has and the checkpoint lacks
 * @param unexpected names that the checkpoint has and the network lacks
 * @param misShaped {@code name: expected [..], found [..]}
 */
public record WeightsReport(
    List<String> loaded, List<String> missing, List<String> unexpected, List<String> misShaped) {
  /** Copies the lists. */
  public WeightsReport {
    loaded = List.copyOf(loaded);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    misShaped = List.copyOf(misShaped);
  }

  /** Whether every name and shape fits. */
  public boolean isExact() {
    return missing.isEmpty() && unexpected.isEmpty() && misShaped.isEmpty();
  }
}
