package org.spike2former.train.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.Sample;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/** The criterion against recordings of the authors' code; some states of each case. */
class CriterionFixtureTest {
  private static final Path LOSSES = Path.of("src/test/resources/losses");
  private static final int CLASSES = 7;

  @ParameterizedTest
  @CsvSource({
    "basic, f64, 1e-14",
    "big_logits, f64, 1e-14",
    "one_image_ignored, f64, 1e-14",
    "zero_match, f64, 1e-14",
    "basic, f32, 1e-6",
    "big_logits, f32, 1e-6",
    "one_image_ignored, f32, 1e-6",
    "zero_match, f32, 1e-6"
  })
  void equalsTheRecording(String name, String precision, double tolerance) throws IOException {
    try (TensorArchive file = TensorFiles.open(LOSSES.resolve(name, precision + ".safetensors"));
        Workers workers = new Workers(3)) {
      Tensor scores = file.read("cls_scores");
      Tensor masks = file.read("mask_preds");
      int states = scores.dim(0);
      int images = scores.dim(1);
      int queries = scores.dim(2);
      int pixels = masks.dim(3) * masks.dim(4);
      Tensor rows = scores.reshape(states * images, queries, CLASSES + 1);
      Tensor maps =
          Planes.transpose(masks, states * images, queries, pixels)
              .reshape(states * images, masks.dim(3), masks.dim(4), queries);
      Tensor labels = Tensor.labels(file.readBytes("gt_sem_seg"), file.shape("gt_sem_seg"));
      Criterion criterion = new Criterion(CLASSES, Sample.IGNORE, CriterionConfig.RELEASE, workers);

      Losses losses = criterion.evaluate(rows, maps, labels);
      MatchingCost[] costs = criterion.matchingCosts(rows, maps, new GroundTruth.Semantic(labels));

      requireNear(file, "loss_cls", losses.cls(), tolerance);
      requireNear(file, "loss_mask", losses.mask(), tolerance);
      requireNear(file, "loss_dice", losses.dice(), tolerance);
      requireNear(file, "total", new double[] {losses.total()}, tolerance);
      requireNear(file, "grad_cls_scores", doubles(losses.classScoresGradient()), tolerance);
      Tensor planes = Planes.transpose(losses.masksGradient(), states * images, pixels, queries);
      requireNear(file, "grad_mask_preds", doubles(planes), tolerance);
      requireAssignment(file, losses.assigned());
      requireCosts(file, costs, tolerance);
    }
  }

  private static double[] doubles(Tensor tensor) {
    return tensor.to(DType.F64).doubles();
  }

  /** Errors relative to the recording's largest magnitude. */
  private static void requireNear(TensorArchive file, String name, double[] found, double tolerance)
      throws IOException {
    double[] wanted = doubles(file.read(name));
    assertThat(found).as(name).hasSameSizeAs(wanted);
    double greatest = 0;
    double worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      greatest = Math.max(greatest, Math.abs(wanted[i]));
      worst = Math.max(worst, Math.abs(wanted[i] - found[i]));
    }
    assertThat(worst).as(name).isLessThanOrEqualTo(tolerance * greatest);
  }

  private static void requireAssignment(TensorArchive file, int[][][] assigned) throws IOException {
    Tensor recorded = file.read("assigned_query");
    int most = recorded.dim(2);
    int images = recorded.dim(1);
    for (int row = 0; row < recorded.dim(0) * images; row++) {
      int[] found = assigned[row / images][row % images];
      for (int k = 0; k < most; k++) {
        assertThat(k < found.length ? found[k] : -1)
            .as("state %d, image %d, target %d", row / images, row % images, k)
            .isEqualTo((int) recorded.get(row * most + k));
      }
    }
  }

  private static void requireCosts(TensorArchive file, MatchingCost[] costs, double tolerance)
      throws IOException {
    int most = file.shape("cost_cls")[3];
    int queries = costs[0].queries();
    double[] cls = new double[costs.length * queries * most];
    double[] mask = cls.clone();
    double[] dice = cls.clone();
    for (int row = 0; row < costs.length; row++) {
      MatchingCost cost = costs[row];
      for (int i = 0; i < cost.cls().length; i++) {
        int query = i / cost.targets();
        int to = (row * queries + query) * most + i % cost.targets();
        cls[to] = cost.cls()[i];
        mask[to] = cost.mask()[i];
        dice[to] = cost.dice()[i];
      }
    }
    requireNear(file, "cost_cls", cls, tolerance);
    requireNear(file, "cost_mask", mask, tolerance);
    requireNear(file, "cost_dice", dice, tolerance);
  }
}
