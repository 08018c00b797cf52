package org.spike2former.data.loader;

/**
 * How batches are made.
 *
 * @param batch samples per batch
 * @param seed of the order and of the augmentation
 * @param threads that read and augment; no result depends on their number
 * @param onBadImage what to do with files that cannot be used
 */
public record LoaderConfig(int batch, long seed, int threads, OnBadImage onBadImage) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they are not positive
   */
  public LoaderConfig {
    if (batch < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "expected a batch and threads of at least 1, found " + batch + " and " + threads);
    }
  }
}
