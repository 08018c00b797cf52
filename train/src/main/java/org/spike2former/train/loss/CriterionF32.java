package org.spike2former.train.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.cpu.kernels.LossKernelsF32;
import org.spike2former.train.Scores;

/** {@link Criterion} in float32, for one set of scores. A row is an image in a state. */
final class CriterionF32 {
  /** Of single precision, which the release adds to denominators in either precision. */
  static final double EPSILON = 0x1p-23;

  private final LossKernelsF32 kernels = LossKernelsF32.create();
  private final CriterionConfig config;
  private final Workers workers;
  private final Scores scores;
  private final Targets[] targets;
  private final int classes;
  private final float[] masks;
  private final ClassLossF32 classLoss;

  CriterionF32(CriterionConfig config, Workers workers, Scores scores, Targets[] targets) {
    this.config = config;
    this.workers = workers;
    this.scores = scores;
    this.targets = targets;
    classes = scores.classes();
    masks = scores.masks().floats();
    classLoss = new ClassLossF32(scores.classScores().floats(), classes + 1);
  }

  MatchingCost[] costs() {
    MatchingCost[] costs = new MatchingCost[scores.rows()];
    workers.run(
        costs.length,
        1,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            costs[row] = cost(row);
          }
        });
    return costs;
  }

  private MatchingCost cost(int row) {
    int queries = scores.queries();
    int map = scores.h() * scores.w() * queries;
    return new MatchingCostF32(kernels, config, classes, queries, scores.h(), scores.w())
        .of(
            classLoss.probabilities(),
            row * queries * (classes + 1),
            masks,
            row * map,
            targets[row % scores.images()]);
  }

  Losses evaluate(int height, int width) {
    int[][] targetOf = new int[scores.rows()][];
    workers.run(
        targetOf.length,
        1,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            targetOf[row] = assign(row);
          }
        });
    double[] cls = new double[scores.states()];
    float[] classGradient = new float[scores.classScores().size()];
    classify(targetOf, cls, classGradient);

    MaskLossesF32 maskLosses =
        new MaskLossesF32(kernels, workers, config, scores, targets, targetOf);
    float[] maskGradient = maskLosses.evaluate(height, width);
    double[] mask = maskLosses.mask();
    double[] dice = maskLosses.dice();
    double sum = 0;
    for (int state = 0; state < cls.length; state++) {
      sum += cls[state] + mask[state] + dice[state];
    }
    return new Losses(
        config.factor(scores.states()) * sum,
        cls,
        mask,
        dice,
        List.of(
            Tensor.of(classGradient, scores.classScores().shape()),
            Tensor.of(maskGradient, scores.masks().shape())),
        assigned(targetOf));
  }

  /** For each query of a row its target, or −1. */
  private int[] assign(int row) {
    if (targets[row % scores.images()].count() == 0) {
      int[] none = new int[scores.queries()];
      Arrays.fill(none, -1);
      return none;
    }
    MatchingCost cost = cost(row);
    for (double c : cost.total()) {
      if (!Double.isFinite(c)) {
        throw new ArithmeticException(
            String.format(
                Locale.ROOT,
                "criterion: class scores or masks of state %d, image %d are not finite",
                row / scores.images(),
                row % scores.images()));
      }
    }
    return HungarianMatcher.match(cost.total(), cost.queries(), cost.targets());
  }

  private void classify(int[][] targetOf, double[] cls, float[] gradient) {
    int queries = scores.queries();
    int perState = scores.images() * queries;
    int[] labels = new int[scores.rows() * queries];
    for (int i = 0; i < labels.length; i++) {
      int row = i / queries;
      int target = targetOf[row][i % queries];
      labels[i] = target < 0 ? classes : targets[row % scores.images()].label(target);
    }
    for (int state = 0; state < cls.length; state++) {
      double weights = 0;
      double sum = 0;
      for (int i = state * perState; i < (state + 1) * perState; i++) {
        weights += weight(labels[i]);
        sum += weight(labels[i]) * classLoss.crossEntropy(i, labels[i]);
      }
      double factor = config.classWeight() / (weights + EPSILON);
      cls[state] = factor * sum;
      for (int i = state * perState; i < (state + 1) * perState; i++) {
        double total = config.factor(cls.length) * factor * weight(labels[i]);
        classLoss.gradient(i, labels[i], total, gradient);
      }
    }
  }

  private double weight(int label) {
    return label == classes ? config.noObjectWeight() : 1;
  }

  private int[][][] assigned(int[][] targetOf) {
    int[][][] assigned = new int[scores.states()][scores.images()][];
    for (int row = 0; row < targetOf.length; row++) {
      int[] queryOf = new int[targets[row % scores.images()].count()];
      Arrays.fill(queryOf, -1);
      for (int query = 0; query < targetOf[row].length; query++) {
        if (targetOf[row][query] >= 0) {
          queryOf[targetOf[row][query]] = query;
        }
      }
      assigned[row / scores.images()][row % scores.images()] = queryOf;
    }
    return assigned;
  }
}
