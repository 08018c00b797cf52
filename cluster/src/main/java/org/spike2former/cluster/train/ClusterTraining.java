package org.spike2former.cluster.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.cli.cluster.ClusterConfig;
import org.spike2former.cli.cluster.GradientCluster;
import org.spike2former.cluster.ClusterSession;
import org.spike2former.train.GradientSource;

/** Training on a Spark cluster. */
public final class ClusterTraining implements GradientCluster {
  @Override
  public GradientSource.Opener opener(ClusterConfig config) {
    return opener(config.master(), config.settings());
  }

  /** As {@link #opener(ClusterConfig)}, with Spark's own settings. */
  public static GradientSource.Opener opener(String master, Map<String, String> conf) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("spark.broadcast.compress", "false"); // weights hardly shrink
    all.putAll(conf);
    return run -> {
      ClusterSession session = ClusterSession.open(master, all, "s2f train " + run.config().file());
      run.listener().notice(session.describe());
      return ClusterGradients.open(session, run);
    };
  }
}
