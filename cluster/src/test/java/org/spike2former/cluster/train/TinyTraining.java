package org.spike2former.cluster.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.GradientSource;
import org.spike2former.train.StepReport;
import org.spike2former.train.TrainListener;
import org.spike2former.train.Trainer;
import org.spike2former.train.TrainingState;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.Checkpoints;
import org.spike2former.train.run.TrainLog;

/** Runs of six steps of the smallest network. */
public final class TinyTraining implements TrainListener {
  private final Path config;
  private final List<String> notices = new ArrayList<>();
  private Consumer<StepReport> afterStep = _ -> {};

  /**
   * What a run leaves.
   *
   * @param step finished steps
   * @param sha256 of weights, moments and averages
   * @param executors how many computed each step
   */
  public record Result(long step, String sha256, List<Integer> executors) {}

  /** Runs of a configuration. */
  public TinyTraining(Path config) {
    this.config = config;
  }

  /** Does this after every step. */
  void afterStep(Consumer<StepReport> action) {
    afterStep = action;
  }

  List<String> notices() {
    return notices;
  }

  /**
   * Trains from the beginning.
   *
   * @param opener null: on this machine
   */
  public Result run(String output, GradientSource.Opener opener, String... overrides)
      throws Exception {
    return run(output, false, opener, overrides);
  }

  Result run(String output, boolean resume, GradientSource.Opener opener, String... overrides)
      throws Exception {
    Path folder = config.resolveSibling(output);
    List<String> all =
        new ArrayList<>(List.of("train.iterations=6", "train.ema=0.9", "output=" + folder));
    all.addAll(List.of(overrides));
    TrainConfig run = TrainConfig.read(config, all, config.resolveSibling("configs"));
    try (Trainer trainer =
        opener == null ? new Trainer(run, this) : new Trainer(run, this, opener)) {
      trainer.run(resume);
    }
    return result(folder);
  }

  private static Result result(Path folder) throws Exception {
    TrainingState state = new Checkpoints(folder.resolve("checkpoints"), 2).latest(_ -> {});
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    for (Map<String, Tensor> part : List.of(state.weights(), state.optimiser(), state.ema())) {
      new TreeMap<>(part).forEach((name, x) -> update(sha, name, x));
    }
    return new Result(state.step(), HexFormat.of().formatHex(sha.digest()), executors(folder));
  }

  private static void update(MessageDigest sha, String name, Tensor x) {
    ByteBuffer bits = ByteBuffer.allocate(x.size() * Double.BYTES);
    for (int i = 0; i < x.size(); i++) {
      bits.putDouble(x.get(i));
    }
    sha.update(name.getBytes(StandardCharsets.UTF_8));
    sha.update(bits.array());
  }

  private static List<Integer> executors(Path folder) throws IOException {
    List<Integer> executors = new ArrayList<>();
    for (JsonNode entry : TrainLog.read(folder.resolve("log.jsonl"), Long.MAX_VALUE, _ -> {})) {
      if (entry.has("executors")) {
        executors.add(entry.get("executors").asInt());
      }
    }
    return executors;
  }

  @Override
  public void step(StepReport report) {
    afterStep.accept(report);
  }

  @Override
  public void notice(String line) {
    notices.add(line);
  }
}
