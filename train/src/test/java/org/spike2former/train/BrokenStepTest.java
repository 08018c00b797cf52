package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.loader.BatchReader;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.config.TrainConfig;

/**
 * A step that any of its operations ends: it has done nothing, and the next one is what it would
 * have been; or the weights have begun to move, and the learner does no step any more.
 */
class BrokenStepTest {
  @TempDir private Path folder;
  private TrainConfig config;
  private int left = Integer.MAX_VALUE;
  private int done;
  private Throwable failure;

  @BeforeEach
  void prepare() throws IOException {
    config = TinyRun.config(TinyRun.prepare(folder));
  }

  /** Called before each operation of forward, criterion, backward and update. */
  private void operation() {
    done++;
    if (left-- == 0) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  private Learner learner(Workers workers) throws IOException {
    Learner learner = new Learner(config, workers);
    learner.start(_ -> {});
    workers.checkBefore(this::operation);
    return learner;
  }

  /** The batches of the run, read anew for each step. */
  private GradientSource source(Learner learner) throws IOException {
    BatchReader reader =
        BatchReader.forTraining(
            config.data(),
            config.data().dataset("train"),
            config.loop().batch(),
            config.loop().seed(),
            (_, _) -> {});
    return new GradientSource() {
      private long next;

      @Override
      public void begin(long first, int count) {
        next = first;
      }

      @Override
      public BatchResult next() throws IOException {
        return learner.pass().run(reader.batch(next++));
      }

      @Override
      public void close() {}
    };
  }

  private static Map<String, Tensor> state(Learner learner) {
    TrainingState state = learner.state(null, null, 0, 0);
    Map<String, Tensor> all = new TreeMap<>();
    state.weights().forEach((name, tensor) -> all.put("weights/" + name, tensor.copy()));
    state.optimiser().forEach((name, tensor) -> all.put("optimiser/" + name, tensor.copy()));
    state.ema().forEach((name, tensor) -> all.put("ema/" + name, tensor.copy()));
    return all;
  }

  private static void assertSame(Map<String, Tensor> found, Map<String, Tensor> expected, int n) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach(
        (name, tensor) ->
            assertThat(tensor.bitEquals(expected.get(name)))
                .as("%s after a failure at %d", name, n)
                .isTrue());
  }

  @Test
  void someOperationsFail() throws IOException {
    scan(8);
  }

  @Test
  @Tag("slow")
  void everyFifthOperationFails() throws IOException {
    scan(Integer.MAX_VALUE);
  }

  private void scan(int points) throws IOException {
    try (Workers workers = new Workers(2)) {
      Learner undisturbed = learner(workers);
      Map<String, Tensor> before = state(undisturbed);
      done = 0;
      undisturbed.step(source(undisturbed));
      int operations = done;
      Map<String, Tensor> after = state(undisturbed);
      assertThat(operations).isGreaterThan(1000);
      Learner learner = learner(workers);
      int broken = 0;
      for (int n = 0; n < operations; n += Math.max(5, operations / points)) {
        failure =
            n % 2 == 0 ? new OutOfMemoryError("no room") : new IllegalStateException("broken");
        left = n;
        Learner failing = learner;
        GradientSource source = source(failing);
        assertThatThrownBy(() -> failing.step(source)).isSameAs(failure);
        left = Integer.MAX_VALUE;
        if (failing.isWhole()) {
          assertSame(state(failing), before, n);
        } else {
          broken++;
          assertThatThrownBy(() -> failing.step(source))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("step 1 was broken off while weights moved; go on from a checkpoint");
          learner = learner(workers);
        }
      }
      assertThat(broken).isLessThan(operations / 5);
      learner.step(source(learner));
      assertSame(state(learner), after, operations);
    }
  }

  /** The updates are the last operations of a step. */
  @Test
  void theLastOperationLeavesALearnerThatSaysSo() throws IOException {
    try (Workers workers = new Workers(1)) {
      Learner learner = learner(workers);
      done = 0;
      learner.step(source(learner));
      failure = new OutOfMemoryError("no room");
      left = done - 1;
      GradientSource source = source(learner);
      assertThatThrownBy(() -> learner.step(source)).isSameAs(failure);
      assertThat(learner.isWhole()).isFalse();
      assertThatThrownBy(() -> learner.step(source)).isInstanceOf(IllegalStateException.class);
      assertThat(learner.step()).isOne();
    }
  }
}
