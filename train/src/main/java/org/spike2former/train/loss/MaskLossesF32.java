package org.spike2former.train.loss;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.cpu.kernels.LossKernelsF32;
import org.spike2former.train.Scores;

/** Mask losses of all matched queries. A row is an image in a state. */
final class MaskLossesF32 {
  private final LossKernelsF32 kernels;
  private final Workers workers;
  private final CriterionConfig config;
  private final Scores scores;
  private final Targets[] targets;
  private final List<List<Match>> matchesOf = new ArrayList<>();
  private final List<Match> matches = new ArrayList<>();

  /** The masks of a row's matches one after another, and later their gradients. */
  private final float[][] planes;

  /** Of each state: the sum over its images of matches, at least 1 for each. */
  private final double[] counts;

  private final double[] mask;
  private final double[] dice;

  /**
   * Prepares.
   *
   * @param targetOf for each row and query its target, or −1
   */
  MaskLossesF32(
      LossKernelsF32 kernels,
      Workers workers,
      CriterionConfig config,
      Scores scores,
      Targets[] targets,
      int[][] targetOf) {
    this.kernels = kernels;
    this.workers = workers;
    this.config = config;
    this.scores = scores;
    this.targets = targets;
    planes = new float[scores.rows()][];
    counts = new double[scores.states()];
    mask = new double[scores.states()];
    dice = new double[scores.states()];
    for (int row = 0; row < scores.rows(); row++) {
      List<Match> ofRow = new ArrayList<>();
      for (int query = 0; query < scores.queries(); query++) {
        if (targetOf[row][query] >= 0) {
          int base = ofRow.size() * scores.h() * scores.w();
          ofRow.add(new Match(row, query, targetOf[row][query], base));
        }
      }
      matchesOf.add(ofRow);
      matches.addAll(ofRow);
      counts[row / scores.images()] += Math.max(ofRow.size(), 1);
    }
  }

  /**
   * A query that was given a target.
   *
   * @param base where its plane begins among those of its row
   */
  private record Match(int row, int query, int target, int base) {}

  /** Computes the losses of the states and returns the gradient of the total, [S·B, h, w, Q]. */
  float[] evaluate(int height, int width) {
    workers.run(planes.length, 1, this::gather);
    double[][] found = new double[matches.size()][];
    UpsamplingF32 resize = new UpsamplingF32(scores.h(), scores.w(), height, width);
    workers.run(
        found.length,
        1,
        (from, to) -> {
          FocalDiceLossF32 loss = new FocalDiceLossF32(kernels, resize);
          for (int i = from; i < to; i++) {
            found[i] = compare(loss, matches.get(i), height * width);
          }
        });
    for (int i = 0; i < found.length; i++) {
      int state = matches.get(i).row() / scores.images();
      mask[state] += found[i][0] * maskFactor(state, height * width);
      dice[state] += found[i][1] * diceFactor(state);
    }
    float[] gradient = new float[scores.masks().size()];
    workers.run(planes.length, 1, (from, to) -> scatter(from, to, gradient));
    return gradient;
  }

  /** Focal loss of each state. */
  double[] mask() {
    return mask;
  }

  /** Dice loss of each state. */
  double[] dice() {
    return dice;
  }

  private double maskFactor(int state, int pixels) {
    return config.maskWeight() / (counts[state] * pixels + CriterionF32.EPSILON);
  }

  private double diceFactor(int state) {
    return config.diceWeight() / (counts[state] + CriterionF32.EPSILON);
  }

  private void gather(int from, int to) {
    int queries = scores.queries();
    int size = scores.h() * scores.w();
    float[] all = scores.masks().floats();
    for (int row = from; row < to; row++) {
      int[] of = matchesOf.get(row).stream().mapToInt(Match::query).toArray();
      float[] plane = new float[of.length * size];
      for (int i = 0; i < size; i++) {
        int base = (row * size + i) * queries;
        for (int m = 0; m < of.length; m++) {
          plane[m * size + i] = all[base + of[m]];
        }
      }
      planes[row] = plane;
    }
  }

  private void scatter(int from, int to, float[] gradient) {
    int queries = scores.queries();
    int size = scores.h() * scores.w();
    for (int row = from; row < to; row++) {
      int[] of = matchesOf.get(row).stream().mapToInt(Match::query).toArray();
      float[] plane = planes[row];
      for (int i = 0; i < size; i++) {
        int base = (row * size + i) * queries;
        for (int m = 0; m < of.length; m++) {
          gradient[base + of[m]] = plane[m * size + i];
        }
      }
    }
  }

  private double[] compare(FocalDiceLossF32 loss, Match match, int pixels) {
    Targets image = targets[match.row() % scores.images()];
    int state = match.row() / scores.images();
    int slot = match.target() + 1;
    int area = image.area(match.target());
    float[] plane = planes[match.row()];
    double[] found = loss.compare(plane, match.base(), image.slots(), slot, area);
    double factor = config.factor(scores.states());
    loss.gradient(
        image.slots(),
        slot,
        area,
        factor * maskFactor(state, pixels),
        factor * diceFactor(state),
        plane,
        match.base());
    return found;
  }
}
