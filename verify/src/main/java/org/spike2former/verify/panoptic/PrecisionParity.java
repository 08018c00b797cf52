package org.spike2former.verify.panoptic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.coco.CocoInstances;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.tensor.Tensor;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

/**
 * Mask precision against COCO's evaluation: {@code gt.json} with instances, {@code detections.json}
 * with results, and the twelve figures in {@code expected.json}.
 */
public final class PrecisionParity {
  /** Greatest error of a figure. */
  static final double TOLERANCE = 1e-12;

  private static final String DETECTIONS = "detections.json";

  private PrecisionParity() {}

  /** Whether a folder is one of mask precision: it has detections. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(DETECTIONS));
  }

  /**
   * Compares.
   *
   * @throws IOException naming the file that is missing or does not fit the others
   */
  public static List<Section> run(Path folder) throws IOException {
    Expected expected = Expected.read(folder);
    CocoInstances truth = CocoInstances.read(Expected.file(folder, "gt.json"));
    Map<CocoId, List<MaskPrecision.Detection>> detections =
        truth.readResults(Expected.file(folder, DETECTIONS));
    MaskPrecision precision = new MaskPrecision(truth.categories().size());
    for (CocoId image : truth.images().keySet().stream().sorted().toList()) {
      precision.add(truth.truths(image), detections.getOrDefault(image, List.of()));
    }
    List<TensorComparison> rows = new ArrayList<>();
    for (Map.Entry<String, Double> figure : figures(precision.summary()).entrySet()) {
      Tensor wanted = Tensor.of(new double[] {expected.number(figure.getKey())}, 1);
      Tensor found = Tensor.of(new double[] {figure.getValue()}, 1);
      Difference difference = Difference.of(figure.getKey(), wanted, found);
      rows.add(
          TensorComparison.small(figure.getKey(), ComparisonKind.METRIC, difference, TOLERANCE, 1));
    }
    return List.of(new Section("mask precision", "", TOLERANCE, rows, List.of()));
  }

  private static Map<String, Double> figures(MaskPrecision.Summary summary) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("AP", summary.ap());
    figures.put("AP50", summary.ap50());
    figures.put("AP75", summary.ap75());
    figures.put("AP_small", summary.apSmall());
    figures.put("AP_medium", summary.apMedium());
    figures.put("AP_large", summary.apLarge());
    figures.put("AR1", summary.ar1());
    figures.put("AR10", summary.ar10());
    figures.put("AR100", summary.ar100());
    figures.put("AR_small", summary.arSmall());
    figures.put("AR_medium", summary.arMedium());
    figures.put("AR_large", summary.arLarge());
    return figures;
  }
}
