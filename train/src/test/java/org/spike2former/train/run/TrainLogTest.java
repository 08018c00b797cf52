package org.spike2former.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainLogTest {
  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();

  private Path write(int steps) throws IOException {
    Path file = folder.resolve("log.jsonl");
    try (TrainLog log = TrainLog.open(file, 0, notices::add)) {
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
    try (TrainLog log = TrainLog.open(file, 4, notices::add)) {
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
    TrainLog.open(file, 0, notices::add).close();
    assertThat(file).isEmptyFile();
  }

  /** Jackson takes the first bytes for those of UTF-32. */
  @Test
  void lineOfZerosCostsNoOther() throws IOException {
    Path file = write(2);
    Files.write(file, new byte[] {0, 0, -1, -1, -1, -1, 0, 0, '\n'}, StandardOpenOption.APPEND);
    Files.writeString(file, "{\"step\":3}\n", StandardOpenOption.APPEND);
    assertThat(TrainLog.read(file, 3, notices::add)).hasSize(4);
    assertThat(notices).containsExactly(file + ": 1 lines cannot be read; left out");
  }

  /** Bytes that are not text, as a bad disk leaves them, and the end of a killed process's line. */
  @Test
  void aDamagedLineCostsNoOther() throws IOException {
    Path file = write(6);
    byte[] bytes = Files.readAllBytes(file);
    bytes[40] = (byte) 0xff;
    Files.write(file, bytes);
    Files.writeString(file, "{\"step\":7,\"lo", StandardOpenOption.APPEND);
    try (TrainLog log = TrainLog.open(file, 6, notices::add)) {
      assertThat(log.entries()).hasSize(8);
    }
    assertThat(notices).containsExactly(file + ": 1 lines cannot be read; left out");
  }

  @Test
  void aLineThatCannotBeWrittenIsKeptForLater() throws IOException {
    Path file = write(4);
    String whole = Files.readString(file);
    TrainLog log = TrainLog.open(file, 2, notices::add);
    log.close();
    assertThatThrownBy(() -> log.add(TrainLog.entry(3).put("loss", 1.0 / 3).put("lr", 0.1)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": cannot be written: ");
    log.add(TrainLog.entry(4).put("loss", 1.0 / 4).put("lr", 0.1));
    log.repair();
    log.add(TrainLog.entry(4).put("miou", 0.4));
    log.close();
    assertThat(Files.readString(file)).isEqualTo(whole);
  }

  @Test
  void jsonHasNoNotANumber() {
    ObjectNode entry = TrainLog.entry(1);
    TrainLog.put(entry, "a", Double.NaN);
    TrainLog.put(entry, "b", Double.POSITIVE_INFINITY);
    TrainLog.put(entry, "c", 0.5);
    assertThat(entry).hasToString("{\"step\":1,\"a\":null,\"b\":null,\"c\":0.5}");
  }

  @Test
  void curvesAreDrawn() throws IOException {
    Path file = write(2000);
    try (TrainLog log = TrainLog.open(file, 2000, notices::add)) {
      TrainPlots.write(folder, log.entries());
    }
    for (String name : new String[] {"loss.png", "lr.png", "miou.png"}) {
      assertThat(javax.imageio.ImageIO.read(folder.resolve(name).toFile()).getWidth())
          .isEqualTo(900);
    }
  }
}
