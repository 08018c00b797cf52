package org.spike2former.train.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.train.TrainListener;

/**
 * Notes after which steps a run went on, in {@code resumed.txt}: a line with the step for each
 * time. The log cannot hold it, which is that of a run that was never stopped.
 */
final class Resumptions implements TrainListener {
  private final Path file;
  private final Consumer<String> notices;

  Resumptions(Path folder, Consumer<String> notices) {
    this.file = folder.resolve("resumed.txt");
    this.notices = notices;
  }

  @Override
  public void started(long step, long iterations, int imagesPerStep) {
    try {
      if (step == 0) {
        Files.deleteIfExists(file);
        return;
      }
      List<String> before = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (!before.isEmpty()) {
        notices.accept(
            "resumed "
                + before.size()
                + (before.size() == 1 ? " time" : " times")
                + " before, after step "
                + String.join(", ", before));
      }
      String text = String.join("\n", before) + (before.isEmpty() ? "" : "\n") + step + "\n";
      AtomicFile.write(file, text);
    } catch (IOException e) {
      notices.accept("warning: " + e.getMessage());
    }
  }
}
