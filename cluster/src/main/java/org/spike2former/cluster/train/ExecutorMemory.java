package org.spike2former.cluster.train;

import java.util.Locale;
import org.spike2former.cluster.ClusterException;

/** Memory that an executor needs, whatever a batch takes besides. */
final class ExecutorMemory {
  /**
   * How often an executor holds numbers as many as the weights: the network, its gradients, and
   * what comes and goes, each as it is and as Spark keeps it.
   */
  private static final int COPIES = 6;

  private static final double GB = 1e9;

  private ExecutorMemory() {}

  /**
   * Says how much it is.
   *
   * @param weights bytes of them
   * @param available bytes that an executor has
   * @throws ClusterException if that is too little for any batch
   */
  static String require(long weights, long available) throws ClusterException {
    double needed = COPIES * weights / GB;
    if (needed > available / GB) {
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "executors have %.1f GB, and weights and gradients alone take %.1f GB; set"
                  + " spark.executor.memory",
              available / GB,
              needed));
    }
    return String.format(
        Locale.ROOT,
        "executors have %.1f GB: weights and gradients take %.2f GB of it, the rest is for a batch",
        available / GB,
        needed);
  }
}
