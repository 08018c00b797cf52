package org.spike2former.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.RunInputs;

/**
 * Where the batches of a step are computed: here, or on other machines. Whatever the place, a batch
 * is that of its number, starts from the run's network as it is when the step begins, and comes
 * back in the order of the numbers.
 */
public interface GradientSource extends AutoCloseable {
  /**
   * The run to compute for.
   *
   * @param config of the run
   * @param pass through the run's network, whose weights change from step to step
   * @param inputs what the run reads, see {@link RunInputs}
   * @param firstBatch number of the batch that comes first
   * @param listener hears what is worth a line
   */
  record Run(
      TrainConfig config,
      BatchPass pass,
      JsonNode inputs,
      long firstBatch,
      TrainListener listener) {}

  /** Gives a run its source. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens the source.
     *
     * @throws IOException saying what is missing
     */
    GradientSource open(Run run) throws IOException;
  }

  /**
   * Begins a step.
   *
   * @param first number of its first batch
   * @param count its batches
   * @throws IOException if they cannot be computed
   */
  void begin(long first, int count) throws IOException;

  /**
   * The next batch of the step.
   *
   * @throws IOException naming the file that cannot be read, or the machine that is lost
   */
  BatchResult next() throws IOException;

  /** What the last step cost beside computing, by key of the log. */
  default Map<String, Double> costs() {
    return Map.of();
  }

  @Override
  void close();
}
