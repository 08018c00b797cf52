package org.spike2former.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.train.TrainingState;

public class CheckpointsTest {
  @TempDir private Path folder;
  private Checkpoints checkpoints;
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void open() {
    checkpoints = new Checkpoints(folder, 2);
  }

  private static TrainingState state(long step) {
    float[] weights = {step, Float.NaN, -0f, 1e-40f};
    return new TrainingState(
        step,
        JsonNodeFactory.instance.objectNode().put("seed", 3),
        JsonNodeFactory.instance.objectNode().put("model", "0a1b"),
        0.25,
        step - 1,
        Map.of("a.weight", Tensor.of(weights, 2, 2), "a.count", Tensor.of(new double[] {step})),
        Map.of("exp_avg/a.weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)),
        Map.of("a.weight", Tensor.of(new float[] {5, 6, 7, 8}, 2, 2)));
  }

  @Test
  void everythingComesBackBitForBit() throws IOException {
    TrainingState saved = state(7);
    checkpoints.save(saved);
    TrainingState loaded = checkpoints.latest(notices::add);
    assertThat(loaded.step()).isEqualTo(7);
    assertThat(loaded.config()).isEqualTo(saved.config());
    assertThat(loaded.inputs()).isEqualTo(saved.inputs());
    assertThat(loaded.bestQuality()).isEqualTo(0.25);
    assertThat(loaded.bestStep()).isEqualTo(6);
    assertSame(loaded.weights(), saved.weights());
    assertSame(loaded.optimiser(), saved.optimiser());
    assertSame(loaded.ema(), saved.ema());
    assertThat(notices).isEmpty();
  }

  /** Files of tensors whose headers may differ. */
  public static void assertSameFile(Path found, Path expected) throws IOException {
    try (Safetensors a = Safetensors.open(found);
        Safetensors b = Safetensors.open(expected)) {
      assertThat(a.names()).isEqualTo(b.names());
      for (String name : b.names()) {
        assertThat(a.read(name).bitEquals(b.read(name))).as(name).isTrue();
      }
    }
  }

  private static void assertSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, tensor) -> assertThat(found.get(name).bitEquals(tensor)).isTrue());
  }

  @Test
  void noEvaluationYetIsNotANumber() throws IOException {
    TrainingState s = state(1);
    checkpoints.save(
        new TrainingState(
            1, s.config(), s.inputs(), Double.NaN, 0, s.weights(), s.optimiser(), Map.of()));
    assertThat(checkpoints.latest(notices::add).bestQuality()).isNaN();
    assertThat(checkpoints.latest(notices::add).ema()).isEmpty();
  }

  @Test
  void theLastTwoAreKept() throws IOException {
    for (long step : new long[] {1, 2, 3, 4}) {
      checkpoints.save(state(step));
    }
    assertThat(checkpoints.steps()).containsExactly(3L, 4L);
  }

  @Test
  void anEmptyFolderHasNone() throws IOException {
    assertThat(checkpoints.latest(notices::add)).isNull();
    assertThat(new Checkpoints(folder.resolve("none"), 2).latest(notices::add)).isNull();
  }

  /** Every length that a torn file could have, and every region in which a bit could flip. */
  @Test
  void aDamagedFileIsNoticedAndTheOlderOneTaken() throws IOException {
    checkpoints.save(state(3));
    checkpoints.save(state(4));
    Path newest = checkpoints.file(4);
    byte[] whole = Files.readAllBytes(newest);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(newest, java.util.Arrays.copyOf(whole, length));
      assertFallsBack();
    }
    for (int at = 0; at < whole.length; at += 3) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Files.write(newest, damaged);
      assertFallsBack();
    }
  }

  private void assertFallsBack() throws IOException {
    notices.clear();
    assertThat(checkpoints.latest(notices::add).step()).isEqualTo(3);
    assertThat(notices).hasSize(2);
    assertThat(notices.get(0)).contains("step-00000004.safetensors").doesNotContain("\n");
    assertThat(notices.get(1)).isEqualTo("goes back to step 3");
  }

  @Test
  void theNextCheckpointRemovesTheDamagedOne() throws IOException {
    checkpoints.save(state(3));
    Files.write(checkpoints.file(9), new byte[10]);
    checkpoints.save(state(4));
    assertThat(checkpoints.steps()).containsExactly(3L, 4L);
  }

  @Test
  void noReadableOneIsAnError() throws IOException {
    Files.write(checkpoints.file(3), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> checkpoints.latest(notices::add))
        .isInstanceOf(FormatException.class)
        .hasMessage(folder + ": holds no readable checkpoint");
  }

  @Test
  void leftoversOfAKilledProcessGo() throws IOException {
    checkpoints.save(state(3));
    Files.write(folder.resolve(".step-00000004.safetensors.0a1b"), new byte[10]);
    Files.write(folder.resolve(".hidden"), new byte[1]);
    checkpoints.deleteTemporaries();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("step-00000003.safetensors", ".hidden");
    }
  }

  /** A folder in the file's place cannot be replaced, as a full disk cannot be written. */
  @Test
  void aCheckpointThatCannotBeWrittenLeavesTheOthers() throws IOException {
    checkpoints.save(state(3));
    Files.createDirectories(checkpoints.file(4).resolve("inside"));
    assertThatThrownBy(() -> checkpoints.save(state(4)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("step-00000004.safetensors");
    assertThat(Checkpoints.load(checkpoints.file(3)).step()).isEqualTo(3);
  }
}
