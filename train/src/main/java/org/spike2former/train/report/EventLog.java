package org.spike2former.train.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.spike2former.train.Evaluation;
import org.spike2former.train.StepReport;
import org.spike2former.train.TrainListener;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.RunFolder;
import org.spike2former.train.run.TrainLog;

/**
 * A run's event files for TensorBoard, {@code events.out.tfevents.SECONDS.s2f} in its folder: what
 * the log has, the values of classes, and the pictures of evaluations. A run that goes on begins
 * another file, which says from which step on it takes the place of the older ones.
 */
final class EventLog implements TrainListener {
  private static final String START = "events.out.tfevents.";
  private static final String END = ".s2f";

  private final TrainConfig config;
  private final RunFolder folder;
  private final Consumer<String> notices;
  private EventFile events;
  private boolean isBroken;
  private int imagesPerStep;
  private long stepStart;

  /** Something that is written. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  EventLog(TrainConfig config, Consumer<String> notices) {
    this.config = config;
    this.folder = new RunFolder(config.output());
    this.notices = notices;
  }

  @Override
  public void started(long step, long iterations, int images) {
    imagesPerStep = images;
    stepStart = System.nanoTime();
    attempt(
        () -> {
          List<Path> old = old();
          if (step == 0) {
            for (Path file : old) {
              Files.deleteIfExists(file);
            }
          }
          double now = now();
          events = new EventFile(folder.path().resolve(START + (long) now + END), now);
          if (step > 0 && old.isEmpty()) {
            addLog(step, now);
          }
          events.session(now, step + 1);
          events.flush();
        });
  }

  private List<Path> old() throws IOException {
    try (Stream<Path> files = Files.list(folder.path())) {
      return files
          .filter(file -> file.getFileName().toString().matches("events\\.out\\..*\\.s2f"))
          .toList();
    }
  }

  /** What the log has of a run that wrote no events before. */
  private void addLog(long step, double now) throws IOException {
    List<JsonNode> entries = TrainLog.read(folder.log(), step, _ -> {});
    double before = entries.stream().mapToDouble(EventLog::seconds).sum();
    for (JsonNode entry : entries) {
      before -= seconds(entry);
      events.scalars(now - before, entry.get("step").asLong(), values(entry));
    }
  }

  private static double seconds(JsonNode entry) {
    return entry.path("seconds").asDouble();
  }

  private static Map<String, Double> values(JsonNode entry) {
    Map<String, Double> values = new LinkedHashMap<>();
    boolean isStep = entry.has("loss");
    entry
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isNumber()
                  && !List.of("step", "seconds").contains(each.getKey())) {
                values.put(
                    (isStep ? "train/" : "val/") + each.getKey(), each.getValue().asDouble());
              }
            });
    return values;
  }

  @Override
  public void step(StepReport report) {
    double seconds = (System.nanoTime() - stepStart) / 1e9;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train/loss", report.loss());
    values.put("train/loss_cls", report.cls());
    values.put("train/loss_mask", report.mask());
    values.put("train/loss_dice", report.dice());
    values.put("train/grad_norm", report.gradientNorm());
    values.put("train/lr", report.learningRate());
    values.put("train/images_per_second", imagesPerStep / seconds);
    attempt(
        () -> {
          events.scalars(now(), report.step(), values);
          events.flush();
        });
    stepStart = System.nanoTime();
  }

  @Override
  public void evaluated(long step, Evaluation result, boolean best) {
    Map<String, Double> values = new LinkedHashMap<>();
    result.measures().forEach(each -> put(values, "val/" + each.key(), each.value()));
    List<String> names = config.data().classes().names();
    for (int k = 0; k < result.classes().size(); k++) {
      put(values, "class/" + names.get(k), result.classes().get(k));
    }
    attempt(
        () -> {
          events.scalars(now(), step, values);
          Path picture = EvaluationFiles.picture(folder.path(), step);
          if (Files.exists(picture)) {
            byte[] png = Files.readAllBytes(picture);
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
            events.picture(now(), step, "val/examples", image.getHeight(), image.getWidth(), png);
          }
          events.flush();
        });
    stepStart = System.nanoTime();
  }

  private static void put(Map<String, Double> values, String name, double value) {
    if (Double.isFinite(value)) {
      values.put(name, value);
    }
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  /** No run is given up for its events. */
  private void attempt(Writing writing) {
    if (isBroken) {
      return;
    }
    try {
      writing.run();
    } catch (IOException e) {
      notices.accept("warning: no more events for TensorBoard: " + e);
      isBroken = true;
    }
  }
}
