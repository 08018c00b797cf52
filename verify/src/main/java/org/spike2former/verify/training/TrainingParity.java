package org.spike2former.verify.training;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.Engine;
import org.spike2former.verify.compare.Bits;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.Recorded;

/**
 * Training from recorded weights on a recorded batch, step by step:
 *
 * <ul>
 *   <li>{@code model.json}, {@code weights_init.safetensors}, {@code batch.safetensors}
 *   <li>{@code trajectory_f64.safetensors}: losses, gradient norms, learning rates and matchings of
 *       as many steps as are replayed
 *   <li>{@code grads_step_N_f64.safetensors}: unclipped gradients of step N, counted from 1
 *   <li>{@code state_after_N_f64.safetensors}, {@code state_final_f64.safetensors}: parameters and
 *       buffers
 * </ul>
 *
 * <p>In float64 all is compared, and the bits with those of other engines; in float32, where a
 * spike soon differs, only the bits.
 */
public final class TrainingParity {
  /** Greatest error of the trajectory, relative to the recorded tensor's largest magnitude. */
  static final double TRAJECTORY_TOLERANCE = 1e-9;

  /** Greatest error of gradients and weights, likewise. */
  static final double TOLERANCE = 1e-8;

  /** Steps that are repeated with other engines. */
  private static final int REPEATED = 2;

  private static final String TRAJECTORY = "trajectory_f64.safetensors";
  private static final String FINAL = "state_final_f64.safetensors";
  private static final Pattern GRADIENTS = Pattern.compile("grads_step_(\\d+)_f64\\.safetensors");
  private static final Pattern STATE = Pattern.compile("state_after_(\\d+)_f64\\.safetensors");

  private final Path folder;
  private final ModelConfig config;
  private final Map<Integer, Path> gradients;
  private final Map<Integer, List<Path>> states;

  public TrainingParity(Path folder) throws IOException {
    this.folder = folder;
    for (String name : List.of("model.json", "weights_init.safetensors", "batch.safetensors")) {
      if (!Files.exists(folder.resolve(name))) {
        throw new FormatException(folder, "the folder has no " + name);
      }
    }
    config = ModelConfig.read(folder.resolve("model.json"));
    gradients = new TreeMap<>();
    states = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        Matcher gradient = GRADIENTS.matcher(name);
        Matcher state = STATE.matcher(name);
        if (gradient.matches()) {
          gradients.put(Integer.valueOf(gradient.group(1)), file);
        }
        if (state.matches()) {
          states.computeIfAbsent(Integer.valueOf(state.group(1)), _ -> new ArrayList<>()).add(file);
        }
      }
    }
  }

  /** Whether a folder holds steps of training. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(TRAJECTORY));
  }

  public List<Section> run(List<Precision> precisions, Engine engine, List<Engine> others)
      throws IOException {
    List<Section> sections = new ArrayList<>();
    if (precisions.contains(Precision.F64)) {
      try (Recorded trajectory = Recorded.open(folder.resolve(TRAJECTORY))) {
        sections.addAll(replay(trajectory, engine));
      }
    }
    for (Engine other : others) {
      for (Precision precision : precisions) {
        sections.add(againstItself(precision, engine, other));
      }
    }
    return sections;
  }

  private TrainingReplay start(Precision precision, Engine engine) throws IOException {
    try (Recorded batch = Recorded.open(folder.resolve("batch.safetensors"))) {
      Path weights = folder.resolve("weights_init.safetensors");
      Tensor input = batch.read("input", 4);
      Tensor labels = batch.labels("gt_sem_seg", 3);
      return new TrainingReplay(config, weights, input, labels, precision, engine);
    }
  }

  private List<Section> replay(Recorded trajectory, Engine engine) throws IOException {
    int steps = trajectory.read("total", 1).dim(0);
    if (Files.exists(folder.resolve(FINAL))) {
      states.computeIfAbsent(steps, _ -> new ArrayList<>()).add(folder.resolve(FINAL));
    }
    TrainingReplay replay = start(Precision.F64, engine);
    List<Section> sections = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      replay.forwardBackward();
      if (gradients.containsKey(step)) {
        Path file = gradients.get(step);
        sections.add(compare("gradients of step " + step, file, replay.gradients(), replay));
      }
      replay.update();
      for (Path file : states.getOrDefault(step, List.of())) {
        sections.add(compare("state after step " + step, file, replay.state(), replay));
      }
    }
    List<TensorComparison> rows = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : replay.trajectory().entrySet()) {
      String name = entry.getKey();
      if (trajectory.has(name)) {
        Tensor expected = trajectory.read(name);
        Difference difference = Difference.of(name, expected, entry.getValue());
        rows.add(
            TensorComparison.real(
                name, ComparisonKind.LOSS, difference, TRAJECTORY_TOLERANCE, expected.shape()));
      }
    }
    int most = trajectory.read("assigned_query", 4).dim(3);
    double[] expected = trajectory.numbers("assigned_query");
    rows.add(
        TensorComparison.exact(
            "assigned_query", ComparisonKind.MATCHING, expected, replay.assigned(most)));
    String title = "trajectory of " + steps + " steps, float64";
    sections.add(0, new Section(title, replay.describe(), TRAJECTORY_TOLERANCE, rows, List.of()));
    return sections;
  }

  private Section compare(
      String title, Path file, Map<String, Tensor> computed, TrainingReplay replay)
      throws IOException {
    List<TensorComparison> rows = new ArrayList<>();
    try (Recorded recorded = Recorded.open(file)) {
      for (String name : recorded.names()) {
        Tensor expected = recorded.read(name);
        Tensor found = computed.get(name);
        boolean gradient = title.startsWith("gradients");
        ComparisonKind kind = gradient ? ComparisonKind.GRADIENT : ComparisonKind.WEIGHT;
        if (found == null) {
          rows.add(TensorComparison.failed(name, kind, expected.size(), "the network has none"));
          continue;
        }
        Difference difference = Difference.of(name, expected, found);
        boolean zero = gradient && Difference.largest(expected) < GradientParity.ZERO;
        rows.add(
            zero
                ? TensorComparison.small(
                    name, kind, difference, GradientParity.ZERO, expected.shape())
                : TensorComparison.real(name, kind, difference, TOLERANCE, expected.shape()));
      }
    }
    return new Section(title + ", float64", replay.describe(), TOLERANCE, rows, List.of());
  }

  private Section againstItself(Precision precision, Engine engine, Engine other)
      throws IOException {
    TrainingReplay own = repeat(precision, engine);
    TrainingReplay theirs = repeat(precision, other);
    List<TensorComparison> rows =
        Bits.compare(theirs.everything(), own.everything(), _ -> ComparisonKind.WEIGHT);
    String title =
        String.format(
            Locale.ROOT,
            "%d steps against themselves, %s: %s",
            REPEATED,
            precision.title(),
            theirs.describe());
    return new Section(title, own.describe(), 0, rows, List.of());
  }

  private TrainingReplay repeat(Precision precision, Engine engine) throws IOException {
    TrainingReplay replay = start(precision, engine);
    for (int step = 0; step < REPEATED; step++) {
      replay.forwardBackward();
      replay.update();
    }
    return replay;
  }
}
