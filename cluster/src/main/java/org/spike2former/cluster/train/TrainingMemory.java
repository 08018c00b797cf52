package org.spike2former.cluster.train;

import java.util.Locale;
import org.spike2former.cluster.ClusterException;

/** Memory for weights and what is as large as they are, without which no step can be made. */
final class TrainingMemory {
  /** The network, its gradients, and what comes and goes, each as it is and as Spark keeps it. */
  private static final int IN_AN_EXECUTOR = 6;

  /** The network, gradients, two moments; weights that go out and a reply, each three times. */
  private static final int IN_THE_DRIVER = 10;

  private static final double GB = 1e9;

  private TrainingMemory() {}

  /**
   * Says what an executor has and needs.
   *
   * @param weights bytes of them
   * @param available bytes that an executor has
   * @throws ClusterException if that is too little for any batch
   */
  static String requireExecutor(long weights, long available) throws ClusterException {
    double needed = IN_AN_EXECUTOR * weights / GB;
    require("executors have", needed, available, "set spark.executor.memory");
    return String.format(
        Locale.ROOT,
        "executors have %.1f GB: weights and gradients take %.2f GB of it, the rest is for a batch",
        available / GB,
        needed);
  }

  /**
   * Checks what the driver has.
   *
   * @param weights bytes of them
   * @param available bytes that the driver has
   * @throws ClusterException if that is too little for any step
   */
  static void requireDriver(long weights, long available) throws ClusterException {
    double needed = IN_THE_DRIVER * weights / GB;
    require("the driver has", needed, available, "set S2F_JAVA_OPTS=-Xmx… or spark.driver.memory");
  }

  private static void require(String who, double needed, long available, String remedy)
      throws ClusterException {
    if (needed > available / GB) {
      throw new ClusterException(
          String.format(
              Locale.ROOT,
              "%s %.1f GB, and weights and gradients alone take %.1f GB; %s",
              who,
              available / GB,
              needed,
              remedy));
    }
  }
}
