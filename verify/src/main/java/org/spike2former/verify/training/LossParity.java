package org.spike2former.verify.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.data.Sample;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.train.loss.Criterion;
import org.spike2former.train.loss.CriterionConfig;
import org.spike2former.train.loss.GroundTruth;
import org.spike2former.train.loss.Losses;
import org.spike2former.train.loss.MatchingCost;
import org.spike2former.verify.Engine;
import org.spike2former.verify.compare.Bits;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.Layouts;
import org.spike2former.verify.folder.Recorded;

/**
 * The criterion on a recorded case: {@code config.json} and, for each precision, {@code
 * f32.safetensors} or {@code f64.safetensors} with scores, labels, and what the authors' code made
 * of them. Assignments are compared exactly.
 */
public final class LossParity {
  /** Greatest error in float64, relative to the recorded tensor's largest magnitude. */
  static final double F64_TOLERANCE = 1e-9;

  /** Greatest error in float32, likewise; a sum over pixels in PyTorch's order has about 1e-6. */
  static final double F32_TOLERANCE = 1e-5;

  private static final String CONFIG = "config.json";

  private final Path folder;
  private final int classes;
  private final int ignoreLabel;
  private final CriterionConfig config;

  public LossParity(Path folder) throws IOException {
    this.folder = folder;
    JsonNode json = new ObjectMapper().readTree(folder.resolve(CONFIG).toFile());
    classes = json.path("K").isInt() ? json.path("K").intValue() : 0;
    if (classes < 1 || classes > 254) {
      throw new FormatException(folder.resolve(CONFIG), "K: expected 1 to 254 classes");
    }
    ignoreLabel = json.path("ignore_index").asInt(Sample.IGNORE);
    double classWeight = json.path("class_weight").asDouble(CriterionConfig.RELEASE.classWeight());
    config = new CriterionConfig(classWeight, null, null, null, null, null, null);
  }

  /** Whether a folder is a case of the criterion. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(CONFIG))
        && (Files.exists(file(folder, Precision.F64)) || Files.exists(file(folder, Precision.F32)));
  }

  private static Path file(Path folder, Precision precision) {
    return folder.resolve(precision == Precision.F64 ? "f64.safetensors" : "f32.safetensors");
  }

  public List<Section> run(List<Precision> precisions, Engine engine, List<Engine> others)
      throws IOException {
    List<Section> sections = new ArrayList<>();
    for (Precision precision : precisions) {
      if (Files.exists(file(folder, precision))) {
        try (Recorded recorded = Recorded.open(file(folder, precision))) {
          sections.addAll(run(precision, recorded, engine, others));
        }
      }
    }
    return sections;
  }

  private List<Section> run(
      Precision precision, Recorded recorded, Engine engine, List<Engine> others)
      throws IOException {
    String name = precision.title();
    double tolerance = precision == Precision.F64 ? F64_TOLERANCE : F32_TOLERANCE;
    Tensor scores = recorded.read("cls_scores", 4);
    Tensor masks = recorded.read("mask_preds", 5);
    Tensor labels = recorded.labels("gt_sem_seg", 3);
    if (scores.dtype() != precision.type() || masks.dtype() != precision.type()) {
      throw new FormatException(
          recorded.path(), "expected scores and masks of type " + precision.type());
    }
    Layouts layouts = new Layouts(1, scores.dim(1));
    Tensor rows = layouts.toModel("head.cls_scores", scores);
    Tensor maps = layouts.toModel("head.mask_preds", masks);

    Criterion criterion = new Criterion(classes, ignoreLabel, config, engine.workers());
    Losses losses = criterion.evaluate(rows, maps, labels);
    Map<String, Tensor> computed = tensors(losses, layouts);
    int most = recorded.read("assigned_query", 3).dim(2);
    Map<String, Tensor> all = new LinkedHashMap<>(computed);
    all.putAll(
        costs(criterion.matchingCosts(rows, maps, new GroundTruth.Semantic(labels)), scores, most));
    List<TensorComparison> compared = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : all.entrySet()) {
      Tensor expected = recorded.read(entry.getKey());
      ComparisonKind kind = kind(entry.getKey());
      Difference difference = Difference.of(entry.getKey(), expected, entry.getValue());
      compared.add(
          TensorComparison.real(entry.getKey(), kind, difference, tolerance, expected.shape()));
    }
    compared.add(matching(recorded, "assigned_query", Matching.queries(losses.assigned(), most)));
    double[] targets = Matching.targets(losses.assigned(), scores.dim(2));
    compared.add(matching(recorded, "query_gt_inds", targets));
    compared.add(matching(recorded, "num_gt", Matching.counts(losses.assigned())));

    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section("criterion, " + name, threads(engine), tolerance, compared, List.of()));
    for (Engine other : others) {
      Losses second =
          new Criterion(classes, ignoreLabel, config, other.workers()).evaluate(rows, maps, labels);
      List<TensorComparison> bits =
          Bits.compare(tensors(second, layouts), computed, LossParity::kind);
      String title = "criterion against itself, " + name + ": " + threads(other);
      sections.add(new Section(title, threads(engine), 0, bits, List.of()));
    }
    return sections;
  }

  private static String threads(Engine engine) {
    int threads = engine.workers().threads();
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  private static TensorComparison matching(Recorded recorded, String name, double[] found)
      throws IOException {
    return TensorComparison.exact(name, ComparisonKind.MATCHING, recorded.numbers(name), found);
  }

  private static ComparisonKind kind(String name) {
    return name.startsWith("grad_") ? ComparisonKind.GRADIENT : ComparisonKind.LOSS;
  }

  private static Map<String, Tensor> tensors(Losses losses, Layouts layouts) {
    int states = losses.cls().length;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("total", Tensor.of(new double[] {losses.total()}, 1));
    tensors.put("loss_cls", Tensor.of(losses.cls(), states));
    tensors.put("loss_mask", Tensor.of(losses.mask(), states));
    tensors.put("loss_dice", Tensor.of(losses.dice(), states));
    tensors.put(
        "grad_cls_scores", layouts.toRecorded("head.cls_scores", losses.classScoresGradient()));
    tensors.put("grad_mask_preds", layouts.toRecorded("head.mask_preds", losses.masksGradient()));
    return tensors;
  }

  private static Map<String, Tensor> costs(MatchingCost[] costs, Tensor scores, int most) {
    int[] shape = {scores.dim(0), scores.dim(1), scores.dim(2), most};
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("cost_cls", Tensor.zeros(DType.F64, shape));
    tensors.put("cost_mask", Tensor.zeros(DType.F64, shape));
    tensors.put("cost_dice", Tensor.zeros(DType.F64, shape));
    for (int row = 0; row < costs.length; row++) {
      MatchingCost cost = costs[row];
      for (int i = 0; i < cost.cls().length; i++) {
        int to = (row * cost.queries() + i / cost.targets()) * most + i % cost.targets();
        tensors.get("cost_cls").doubles()[to] = cost.cls()[i];
        tensors.get("cost_mask").doubles()[to] = cost.mask()[i];
        tensors.get("cost_dice").doubles()[to] = cost.dice()[i];
      }
    }
    return tensors;
  }
}
