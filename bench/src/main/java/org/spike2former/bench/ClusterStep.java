package org.spike2former.bench;

/**
 * How long a step of training takes on a cluster, by the formula of {@code docs/cluster.md}.
 *
 * @param batchSeconds that an executor takes for a batch
 * @param weightBytes that every executor fetches
 * @param gradientBytes that every batch sends back
 * @param linkBytes that the driver's link takes a second
 * @param addSeconds that the driver takes to unpack and add what a batch sent
 * @param stepSeconds that the driver takes for the rest of a step: packing weights, the job, the
 *     optimiser
 */
record ClusterStep(
    double batchSeconds,
    double weightBytes,
    double gradientBytes,
    double linkBytes,
    double addSeconds,
    double stepSeconds) {
  /**
   * The recipe {@code ade20k-sdtv2-15m} on executors of 16 cores at 10 Gbit/s; where the numbers
   * come from, {@code docs/cluster.md} says.
   */
  static final ClusterStep ADE20K = new ClusterStep(5.0, 138.3e6, 138.3e6, 1.25e9, 0.07, 0.2);

  /**
   * Seconds of a step.
   *
   * @param workers executors, each on a machine of its own
   * @param batches of the step: {@code accumulate}
   */
  double seconds(int workers, int batches) {
    int rounds = (batches + workers - 1) / workers;
    int last = batches - (rounds - 1) * workers;
    // Executors hand weights on to each other, so the driver sends about two copies.
    double sending = Math.min(workers, 2) * weightBytes / linkBytes;
    double receiving = Math.max(gradientBytes / linkBytes, addSeconds);
    double limitedByWork = rounds * batchSeconds + last * receiving;
    double limitedByLink = batchSeconds + batches * receiving;
    return sending + Math.max(limitedByWork, limitedByLink) + stepSeconds;
  }
}
