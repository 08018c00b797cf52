package org.spike2former.cluster.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.cluster.ClusterSession;
import org.spike2former.train.GradientSource;

/** Where a training on a cluster begins. */
public final class ClusterTraining {
  private ClusterTraining() {}

  /**
   * Has a run's batches computed by a cluster, which is connected to when the run starts.
   *
   * @param master the URL of a cluster manager; null: as spark-submit says
   * @param conf Spark's own settings
   */
  public static GradientSource.Opener opener(String master, Map<String, String> conf) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("spark.broadcast.compress", "false"); // weights hardly shrink
    all.putAll(conf);
    return run -> {
      String name = "s2f train " + run.config().file();
      return ClusterGradients.open(ClusterSession.open(master, all, name), run);
    };
  }
}
