package org.spike2former.model.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.coco.CocoResults;
import org.spike2former.model.ConfidenceMap;
import org.spike2former.model.InstanceSegmentation;
import org.spike2former.model.PanopticSegmentation;
import org.spike2former.model.Segmentation;
import org.spike2former.model.panoptic.Instance;

/** What was found in an image, added to a JSON report. */
public final class Findings {
  private Findings() {}

  /**
   * Classes that occur, the largest first.
   *
   * @param shares as {@link Segmentation#shares} has them
   */
  public static List<Integer> present(double[] shares) {
    return IntStream.range(0, shares.length)
        .filter(k -> shares[k] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> -shares[k]))
        .toList();
  }

  /**
   * Adds {@code classes}, those that occur with their shares of the pixels.
   *
   * @param confidence null where it is not of interest how sure a pixel's class is
   */
  public static void describe(Segmentation found, ConfidenceMap confidence, ObjectNode report) {
    ArrayNode classes = report.putArray("classes");
    double[] shares = found.shares();
    for (int k : present(shares)) {
      ObjectNode entry = classes.addObject().put("index", k);
      entry.put("name", found.classes().names().get(k)).put("share", shares[k]);
      if (confidence != null) {
        entry.put("doubtful", confidence.doubtful(found.labels(), k));
      }
    }
    if (confidence != null) {
      report.put("doubtful", confidence.doubtful());
    }
  }

  /** Adds {@code segments}, as in COCO's panoptic format. */
  public static void describe(PanopticSegmentation found, ObjectNode report) {
    report.set("segments", CocoResults.segments(found.map(), found.classes()));
  }

  /** Adds {@code instances}. */
  public static void describe(InstanceSegmentation found, ObjectNode report) {
    ArrayNode list = report.putArray("instances");
    for (Instance instance : found.instances()) {
      ObjectNode entry = list.addObject();
      entry.put("category_id", instance.category()).put("name", found.name(instance));
      entry.put("score", instance.score()).put("area", instance.mask().area());
      entry.set("bbox", CocoResults.box(instance.box()));
    }
  }
}
