package org.spike2former.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSessionTest {
  @TempDir private static Path folder;

  @Test
  void executorsOfTwoWorkersRunOurClasses() throws Exception {
    try (StandaloneCluster cluster = new StandaloneCluster(folder, 2);
        ClusterSession session =
            ClusterSession.open(
                cluster.master(), Map.of("spark.executor.memory", "512m"), "test")) {
      assertThat(cluster.executors(0)).hasSize(1);
      assertThat(cluster.executors(1)).hasSize(1);
      assertThat(session.isLocal()).isFalse();
    }
  }
}
