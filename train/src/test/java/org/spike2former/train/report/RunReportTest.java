package org.spike2former.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.train.TinyRun;
import org.spike2former.train.Trainer;
import org.spike2former.train.TrainingException;

class RunReportTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    file = TinyRun.prepare(folder);
  }

  private List<String> run(boolean resume, String... overrides)
      throws IOException, TrainingException {
    TinyRun.Recorder recorder = new TinyRun.Recorder();
    try (Trainer trainer = new Trainer(TinyRun.config(file, overrides), recorder)) {
      assertThat(trainer.run(resume)).isTrue();
    }
    return recorder.notices;
  }

  /** What TensorFlow's own writer makes of the same events. */
  @Test
  void recordsHaveTheBytesOfTensorFlow() throws IOException {
    Path events = folder.resolve("events");
    EventFile writer = new EventFile(events, 1.5);
    writer.scalars(2.5, 300, Map.of("train/loss", 0.25));
    writer.flush();
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(events)))
        .isEqualTo(
            "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a32"
                + "2a28646c2100000000000000017becf609000000000000044010ac022a130a110a0a7472"
                + "61696e2f6c6f7373150000803e3cc9cac5");
  }

  @Test
  void eventsAreWrittenWithTheLogAndAResumedRunBeginsAnotherFile() throws Exception {
    run(false, "output.tensorboard=true", "train.iterations=4");
    assertThat(steps(events().getFirst(), "train/loss")).containsExactly(1L, 2L, 3L, 4L);
    assertThat(steps(events().getFirst(), "val/miou")).containsExactly(4L);
    assertThat(steps(events().getFirst(), "class/dark")).containsExactly(4L);
    assertThat(steps(events().getFirst(), "val/examples")).containsExactly(4L);
    Files.delete(events().getFirst());
    List<String> notices = run(true, "output.tensorboard=true", "train.iterations=6");
    assertThat(notices).noneMatch(line -> line.startsWith("resumed"));
    assertThat(steps(events().getFirst(), "train/loss")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(run(true, "train.iterations=7")).contains("resumed 1 time before, after step 4");
    assertThat(run(true, "train.iterations=8")).contains("resumed 2 times before, after step 4, 6");
  }

  private List<Path> events() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      return files.filter(f -> f.getFileName().toString().contains("tfevents")).toList();
    }
  }

  /** Steps of the records that hold a name, in their order. */
  private static List<Long> steps(Path events, String name) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(events)).order(ByteOrder.LITTLE_ENDIAN);
    List<Long> steps = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] body = new byte[(int) in.getLong()];
      in.getInt();
      in.get(body);
      in.getInt();
      if (new String(body, StandardCharsets.ISO_8859_1).contains(name + "\u0015")
          || new String(body, StandardCharsets.ISO_8859_1).contains(name + "\"")) {
        steps.add((long) body[10]);
      }
    }
    return steps;
  }

  @Test
  void eachEvaluationHasItsClassesAndAPicture() throws Exception {
    run(false, "train.eval_every=4");
    Path evaluations = folder.resolve("run/evaluations");
    for (String step : List.of("step-00000004", "step-00000008")) {
      assertThat(Files.readAllLines(evaluations.resolve(step + ".csv")))
          .hasSize(4)
          .startsWith("class,IoU")
          .anyMatch(line -> line.matches("dark,\\d\\.\\d+"));
      assertThat(ImageIO.read(evaluations.resolve(step + ".png").toFile()).getWidth())
          .isEqualTo(3 * (320 + 8) + 8);
    }
  }

  @Test
  void aFolderTellsWhatCameOfItsRun() throws Exception {
    run(false, "train.eval_every=4");
    RunRecord record = RunRecord.read(folder.resolve("run"));
    assertThat(record.steps()).isEqualTo(8);
    assertThat(record.iterations()).isEqualTo(8);
    assertThat(record.scores()).extracting(RunRecord.Score::step).containsExactly(4L, 8L);
    assertThat(record.best().value()).isGreaterThanOrEqualTo(record.last().value());
    assertThat(record.loss()).isPositive();
    assertThat(record.imagesPerSecond()).isPositive();
    assertThat(record.seconds()).isPositive();
  }

  @Test
  void aWarmUpThatDoesNotFitIsSaid() throws Exception {
    assertThat(run(false, "train.iterations=2"))
        .contains("schedule.warmup is 2 steps, the run has 2; the warm-up is cut to 1");
  }
}
