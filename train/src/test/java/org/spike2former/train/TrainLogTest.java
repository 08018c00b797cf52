package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainLogTest {
  @TempDir private Path folder;

  private Path write(int steps) throws IOException {
    Path file = folder.resolve("log.jsonl");
    try (TrainLog log = TrainLog.open(file, 0)) {
      for (int step = 1; step <= steps; step++) {
        log.add(TrainLog.entry(step).put("loss", 1.0 / step).put("lr", 0.1));
        if (step % 2 == 0) {
          log.add(TrainLog.entry(step).put("miou", step / 10.0));
        }
      }
    }
    return file;
  }

  @Test
  void aRunThatGoesOnDropsWhatCameAfterItsCheckpoint() throws IOException {
    Path file = write(6);
    String whole = Files.readString(file);
    Files.writeString(file, "{\"step\":7,\"lo", StandardOpenOption.APPEND);
    try (TrainLog log = TrainLog.open(file, 4)) {
      assertThat(log.entries()).hasSize(6);
      for (int step = 5; step <= 6; step++) {
        log.add(TrainLog.entry(step).put("loss", 1.0 / step).put("lr", 0.1));
      }
      log.add(TrainLog.entry(6).put("miou", 0.6));
    }
    assertThat(Files.readString(file)).isEqualTo(whole);
  }

  @Test
  void aNewRunStartsEmpty() throws IOException {
    Path file = write(3);
    TrainLog.open(file, 0).close();
    assertThat(file).isEmptyFile();
  }

  @Test
  void curvesAreDrawn() throws IOException {
    Path file = write(2000);
    try (TrainLog log = TrainLog.open(file, 2000)) {
      TrainPlots.write(folder, log.entries());
    }
    for (String name : new String[] {"loss.png", "lr.png", "miou.png"}) {
      assertThat(javax.imageio.ImageIO.read(folder.resolve(name).toFile()).getWidth())
          .isEqualTo(900);
    }
  }
}
