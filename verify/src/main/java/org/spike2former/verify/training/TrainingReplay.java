package org.spike2former.verify.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.spike2former.data.Sample;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.train.TrainingStep;
import org.spike2former.train.loss.Criterion;
import org.spike2former.train.loss.CriterionConfig;
import org.spike2former.train.loss.GroundTruth;
import org.spike2former.train.loss.Losses;
import org.spike2former.train.optimiser.AdamW;
import org.spike2former.train.optimiser.AdamWConfig;
import org.spike2former.train.optimiser.GradientClip;
import org.spike2former.train.optimiser.WarmUpPoly;
import org.spike2former.verify.Engine;
import org.spike2former.verify.folder.Layouts;

/**
 * A run of training under the settings of the recordings: AdamW with the release's groups, learning
 * rate 1e-3, decay 0.005, gradients clipped to 0.01, 5 steps of warm-up, the end at 20.
 */
final class TrainingReplay {
  private static final AdamWConfig OPTIMISER = AdamWConfig.release(1e-3, 0.005);
  private static final WarmUpPoly SCHEDULE = WarmUpPoly.linear(5, 20);
  private static final GradientClip CLIP = new GradientClip(0.01);
  private static final String BACKBONE = "backbone";

  private final Network network;
  private final TapeOps ops;
  private final AdamW optimiser;
  private final TrainingStep step;
  private final Tensor images;
  private final Tensor labels;
  private final List<Losses> losses = new ArrayList<>();
  private final List<TrainingStep.Update> updates = new ArrayList<>();

  /**
   * Loads the network.
   *
   * @param input [B, 3, H, W]
   * @param labels [B, H, W]
   */
  TrainingReplay(
      ModelConfig config,
      Path weights,
      Tensor input,
      Tensor labels,
      Precision precision,
      Engine engine)
      throws IOException {
    network = Network.of(config);
    ModelWeights.load(network.parameters(), weights, false);
    TrainingStep.convert(network, precision);
    ops = engine.training().apply(precision);
    optimiser = new AdamW(network.parameters(), OPTIMISER, engine.workers());
    int classes = config.head().classes();
    step =
        new TrainingStep(
            network,
            ops,
            new Criterion(classes, Sample.IGNORE, CriterionConfig.RELEASE, engine.workers()),
            optimiser,
            CLIP,
            SCHEDULE,
            engine.workers());
    Layouts layouts = new Layouts(config.backbone().timeSteps(), input.dim(0));
    images = layouts.toModel("input", input);
    this.labels = labels;
  }

  String describe() {
    return ops.describe();
  }

  void forwardBackward() {
    losses.add(step.accumulate(images, new GroundTruth.Semantic(labels)));
  }

  void update() {
    updates.add(step.update(updates.size()));
  }

  /** Gradients of the last forwardBackward, unclipped, by parameter name. */
  Map<String, Tensor> gradients() {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters().all()) {
      Tensor gradient = step.gradient(parameter);
      if (gradient != null) {
        gradients.put(parameter.name(), gradient);
      }
    }
    return gradients;
  }

  /** Parameters and buffers by name. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    network.parameters().all().forEach(p -> state.put(p.name(), p.value()));
    return state;
  }

  /** The trajectory, the state and the optimiser's. */
  Map<String, Tensor> everything() {
    Map<String, Tensor> everything = new LinkedHashMap<>(trajectory());
    everything.putAll(state());
    everything.putAll(optimiser.state());
    return everything;
  }

  /** What a recorded trajectory has, but for the matching: [steps] or [steps, L]. */
  Map<String, Tensor> trajectory() {
    Map<String, Tensor> trajectory = new LinkedHashMap<>();
    double factor = OPTIMISER.group(BACKBONE).lrFactor();
    trajectory.put("lr", perStep(updates, TrainingStep.Update::learningRate));
    trajectory.put("lr_backbone", perStep(updates, update -> factor * update.learningRate()));
    trajectory.put("grad_norm", perStep(updates, TrainingStep.Update::gradientNorm));
    trajectory.put("total", perStep(losses, Losses::total));
    int states = losses.get(0).cls().length;
    for (String name : List.of("loss_cls", "loss_mask", "loss_dice")) {
      trajectory.put(name, Tensor.zeros(DType.F64, losses.size(), states));
    }
    for (int i = 0; i < losses.size(); i++) {
      int to = i * states;
      Losses found = losses.get(i);
      System.arraycopy(found.cls(), 0, trajectory.get("loss_cls").doubles(), to, states);
      System.arraycopy(found.mask(), 0, trajectory.get("loss_mask").doubles(), to, states);
      System.arraycopy(found.dice(), 0, trajectory.get("loss_dice").doubles(), to, states);
    }
    return trajectory;
  }

  private static <T> Tensor perStep(List<T> steps, ToDoubleFunction<T> value) {
    return Tensor.of(steps.stream().mapToDouble(value).toArray(), steps.size());
  }

  /** {@code assigned_query}, [steps, L, B, most]. */
  double[] assigned(int most) {
    return losses.stream()
        .flatMapToDouble(found -> Arrays.stream(Matching.queries(found.assigned(), most)))
        .toArray();
  }
}
