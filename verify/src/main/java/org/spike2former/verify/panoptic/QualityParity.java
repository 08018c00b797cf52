package org.spike2former.verify.panoptic;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.spike2former.data.coco.CocoCategories;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.coco.CocoPanoptic;
import org.spike2former.data.metric.PanopticQuality;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

/**
 * Panoptic quality against panopticapi's: {@code gt.json} with {@code gt/}, {@code pred.json} with
 * {@code pred/}, and {@code expected.json}. Everything should be equal to the last digit.
 */
public final class QualityParity {
  private static final String TRUTH = "gt.json";
  private static final String PREDICTION = "pred.json";

  private QualityParity() {}

  /** Whether a folder is one of panoptic quality: it has a prediction. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(PREDICTION))
        || Files.exists(folder.resolve("pred"))
        || Files.exists(folder.resolve("gt"));
  }

  /**
   * Compares.
   *
   * @throws IOException naming the file that is missing or does not fit the others
   */
  public static List<Section> run(Path folder) throws IOException {
    Expected expected = Expected.read(folder);
    CocoPanoptic truth = CocoPanoptic.read(Expected.file(folder, TRUTH), folder.resolve("gt"));
    CocoCategories categories = truth.categories();
    CocoPanoptic prediction =
        CocoPanoptic.read(Expected.file(folder, PREDICTION), folder.resolve("pred"), categories);
    truth.requireWhole();
    prediction.requireWhole();
    PanopticQuality quality = new PanopticQuality(categories.isThing());
    for (CocoId image : truth.annotated()) {
      quality.add(truth.map(image), prediction.map(image));
    }
    List<TensorComparison> rows = new ArrayList<>();
    for (PanopticQuality.Part part : PanopticQuality.Part.values()) {
      rows.add(mean(expected, part, quality.mean(part)));
    }
    rows.addAll(perClass(expected, categories, quality));
    return List.of(new Section("panoptic quality", "", 0, rows, List.of()));
  }

  private static TensorComparison mean(
      Expected expected, PanopticQuality.Part part, PanopticQuality.Mean mean) throws IOException {
    String name = part.title();
    return TensorComparison.exact(
        name + " (pq, sq, rq, n)",
        ComparisonKind.METRIC,
        expected.numbers(name, "pq", "sq", "rq", "n"),
        new double[] {mean.pq(), mean.sq(), mean.rq(), mean.categories()});
  }

  private static List<TensorComparison> perClass(
      Expected expected, CocoCategories categories, PanopticQuality quality) throws IOException {
    JsonNode classes = expected.at("per_class");
    Set<String> missing = new TreeSet<>();
    classes.fieldNames().forEachRemaining(missing::add);
    List<TensorComparison> rows = new ArrayList<>();
    for (int k = 0; k < categories.size(); k++) {
      String id = Integer.toString(categories.get(k).id());
      if (!missing.remove(id)) {
        continue;
      }
      PanopticQuality.Counts counts = quality.counts(k);
      rows.add(
          TensorComparison.exact(
              "class " + id + " (pq, sq, rq, iou, tp, fp, fn)",
              ComparisonKind.METRIC,
              expected.numbers("per_class." + id, "pq", "sq", "rq", "iou", "tp", "fp", "fn"),
              new double[] {
                counts.pq(),
                counts.sq(),
                counts.rq(),
                counts.iou(),
                counts.matches(),
                counts.wrong(),
                counts.missed()
              }));
    }
    if (!missing.isEmpty()) {
      throw new FormatException(
          expected.path(),
          "per_class." + missing.iterator().next() + ": there is no such category");
    }
    return rows;
  }
}
