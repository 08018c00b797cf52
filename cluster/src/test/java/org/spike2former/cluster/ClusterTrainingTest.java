package org.spike2former.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.TinyData;
import org.spike2former.cluster.train.ClusterTraining;
import org.spike2former.cluster.train.TinyTraining;

/** Training on a real cluster: a master and workers, each a process. */
class ClusterTrainingTest {
  /** What to do in the third step, when one of its batches is done. */
  private static final AtomicReference<Runnable> IN_STEP_3 = new AtomicReference<>();

  @TempDir private static Path folder;

  /** Spark makes one in the driver. */
  public static final class Listener extends SparkListener {
    private int stage = -1;

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      String description = job.properties().getProperty("spark.job.description");
      if (description != null && description.startsWith("train: step 3,")) {
        stage = job.stageInfos().head().stageId();
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      Runnable action = task.stageId() == stage ? IN_STEP_3.getAndSet(null) : null;
      if (action != null) {
        action.run();
      }
    }
  }

  private static TinyTraining.Result train(TinyTraining tiny, String output, String master)
      throws Exception {
    Map<String, String> conf =
        Map.of(
            "spark.executor.memory",
            "512m",
            "spark.ui.enabled",
            "false",
            "spark.extraListeners",
            Listener.class.getName());
    return tiny.run(output, ClusterTraining.opener(master, conf), "train.accumulate=4");
  }

  @Test
  void theWeightsAreThoseOfOneMachine() throws Exception {
    TinyTraining tiny = new TinyTraining(TinyData.write(folder));
    TinyTraining.Result local = tiny.run("local", null, "train.accumulate=4");
    assertThat(local.step()).isEqualTo(6);
    try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 1)) {
      TinyTraining.Result one = train(tiny, "one", cluster.master());
      assertThat(one.sha256()).isEqualTo(local.sha256());
      assertThat(one.executors()).containsOnly(1);
      cluster.addWorker();
      cluster.awaitWorkers(2);
      TinyTraining.Result two = train(tiny, "two", cluster.master());
      assertThat(two.sha256()).isEqualTo(local.sha256());
      assertThat(two.executors()).contains(2);
      List<Boolean> killed = new ArrayList<>();
      IN_STEP_3.set(
          () -> {
            cluster.kill(0);
            killed.add(true);
          });
      TinyTraining.Result lost = train(tiny, "lost", cluster.master());
      assertThat(killed).hasSize(1);
      assertThat(lost.sha256()).isEqualTo(local.sha256());
      assertThat(lost.executors().getLast()).isEqualTo(1);
    }
  }
}
