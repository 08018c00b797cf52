package org.spike2former.serve.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Task;
import org.spike2former.data.coco.CocoResults;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.model.ConfidenceMap;
import org.spike2former.model.InstanceSegmentation;
import org.spike2former.model.Keep;
import org.spike2former.model.PanopticSegmentation;
import org.spike2former.model.Segmentation;
import org.spike2former.model.Segmenter;
import org.spike2former.model.report.Findings;

/**
 * What was found in an image, ready to be told.
 *
 * @param facts as the command's JSON has them, digests included
 * @param pictures those that can be drawn, by name
 * @param map the class or segment of each pixel in runs, or null where things may overlap
 */
record Found(
    ObjectNode facts, Map<String, Supplier<BufferedImage>> pictures, Supplier<ObjectNode> map) {
  static final String OVERLAY = "overlay";
  static final String LABELS = "labels";
  static final String CONFIDENCE = "confidence";
  static final String PANOPTIC = "panoptic";

  /**
   * Computes.
   *
   * @param confidence whether it is of interest how sure a pixel's class is, for task semantic
   */
  static Found in(
      BufferedImage image, Segmenter segmenter, Task task, OverlayStyle style, boolean confidence) {
    return switch (task) {
      case SEMANTIC -> semantic(segmenter.segment(image, Keep.LOGITS), style, confidence);
      case PANOPTIC -> panoptic(segmenter.panoptic(image), style);
      case INSTANCE -> instances(segmenter.instances(image), style);
    };
  }

  /** What a task has pictures of. */
  static boolean hasPicture(Task task, String name) {
    return switch (name) {
      case OVERLAY -> true;
      case LABELS, CONFIDENCE -> task == Task.SEMANTIC;
      case PANOPTIC -> task == Task.PANOPTIC;
      default -> false;
    };
  }

  private static Found semantic(Segmentation found, OverlayStyle style, boolean confidence) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    ConfidenceMap sure = confidence ? found.confidence() : null;
    Findings.describe(found, sure, facts);
    facts.put("digest", found.digest()).put("labels_digest", found.labelsDigest());
    Map<String, Supplier<BufferedImage>> pictures = new LinkedHashMap<>();
    pictures.put(OVERLAY, () -> found.overlay(style));
    pictures.put(LABELS, () -> found.labels().toImage(found.classes()));
    if (confidence) {
      pictures.put(CONFIDENCE, sure::toImage);
    }
    LabelMap labels = found.labels();
    return new Found(facts, pictures, () -> runs(labels.height(), labels.width(), labels::label));
  }

  private static Found panoptic(PanopticSegmentation found, OverlayStyle style) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    Findings.describe(found, facts);
    facts.put("digest", found.digest());
    PanopticPng.Ids ids = CocoResults.ids(found.map());
    return new Found(
        facts,
        Map.of(OVERLAY, () -> found.overlay(style), PANOPTIC, () -> PanopticPng.image(ids)),
        () -> runs(ids.height(), ids.width(), i -> ids.ids()[i]));
  }

  private static Found instances(InstanceSegmentation found, OverlayStyle style) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    Findings.describe(found, facts);
    facts.put("digest", found.digest());
    return new Found(facts, Map.of(OVERLAY, () -> found.overlay(style)), null);
  }

  /** A value and how many pixels it goes on for, again and again, row by row. */
  private static ObjectNode runs(int height, int width, IntUnaryOperator pixel) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("height", height).put("width", width);
    ArrayNode runs = json.putArray("runs");
    int pixels = height * width;
    for (int from = 0; from < pixels; ) {
      int value = pixel.applyAsInt(from);
      int to = from + 1;
      while (to < pixels && pixel.applyAsInt(to) == value) {
        to++;
      }
      runs.add(value).add(to - from);
      from = to;
    }
    return json;
  }
}
