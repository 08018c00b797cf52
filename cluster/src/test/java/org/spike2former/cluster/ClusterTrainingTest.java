package org.spike2former.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.cli.TinyData;
import org.spike2former.cluster.train.ClusterTraining;
import org.spike2former.cluster.train.TinyTraining;

/** Training on a real cluster: a master and workers, each a process. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
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

  private static TinyTraining tiny;
  private static String local;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    tiny = new TinyTraining(TinyData.write(folder));
    TinyTraining.Result result = tiny.run("local", null, "train.accumulate=4");
    assertThat(result.step()).isEqualTo(6);
    local = result.sha256();
    cluster = new StandaloneCluster(folder.resolve("cluster"), 2);
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static TinyTraining.Result train(int executors) throws Exception {
    Map<String, String> conf =
        Map.of(
            "spark.cores.max",
            "" + executors,
            "spark.executor.memory",
            "512m",
            "spark.ui.enabled",
            "false",
            "spark.extraListeners",
            Listener.class.getName());
    return tiny.run(
        "run" + UUID.randomUUID(),
        ClusterTraining.opener(cluster.master(), conf),
        "train.accumulate=4");
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(ints = {1, 2})
  void theWeightsAreThoseOfOneMachine(int executors) throws Exception {
    TinyTraining.Result result = train(executors);
    assertThat(result.sha256()).isEqualTo(local);
    assertThat(result.executors()).contains(executors).allMatch(count -> count <= executors);
  }

  /** Last, since a worker is then missing. */
  @Test
  @Order(2)
  void aWorkerThatIsKilledInTheMiddleOfAStepChangesNothing() throws Exception {
    AtomicBoolean killed = new AtomicBoolean();
    IN_STEP_3.set(() -> killed.set(cluster.killOneWithAnExecutor()));
    TinyTraining.Result result = train(2);
    assertThat(killed).isTrue();
    assertThat(result.sha256()).isEqualTo(local);
    assertThat(result.executors()).contains(2).endsWith(1);
  }
}
