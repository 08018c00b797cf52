package org.spike2former.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.TinyData;

/**
 * The smallest network's training with checkpoints and evaluations, stopped half way and resumed;
 * then what it made judges and segments a folder.
 */
final class TrainWork implements Work {
  private final Path folder;
  private final Path config;

  /**
   * @param folder for data and all that is written
   */
  TrainWork(Path folder) throws IOException {
    this.folder = folder;
    config = TinyData.write(folder);
  }

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String once() throws IOException {
    Path run = folder.resolve("run");
    Path last = run.resolve("last");
    Path labels = folder.resolve("labels");
    Files.createDirectory(labels);
    train("train.iterations=8");
    train("train.iterations=16");
    Run eval = run("eval", last, "--data", config, "--split", "val");
    run("segment", folder.resolve("data/images/val"), "-m", last, "-o", labels);
    String result =
        Stream.of(checksum(last), checksum(run.resolve("checkpoints")), checksum(labels))
            .map(Long::toHexString)
            .toList()
            .toString();
    remove(run);
    remove(labels);
    return result + eval.out().lines().filter(line -> line.contains("mIoU")).toList();
  }

  private void train(String iterations) {
    run(
        "train",
        config,
        "--resume",
        "--set",
        iterations,
        "train.eval_every=8",
        "train.log_every=1");
  }

  private static Run run(Object... words) {
    Run run = InProcess.run(words);
    assertThat(run.code()).as("%s: %s", List.of(words), run.err()).isZero();
    return run;
  }

  /** Of all tensors and images in a folder. */
  private static long checksum(Path folder) throws IOException {
    CRC32 sum = new CRC32();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().matches(".*\\.(safetensors|png)")) {
          sum.update(Files.readAllBytes(file));
        }
      }
    }
    return sum.getValue();
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {}
}
