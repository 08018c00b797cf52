package org.spike2former.data.coco;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.spike2former.data.ClassTable;
import org.spike2former.data.mask.Box;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.data.panoptic.Segment;

/**
 * Predictions as COCO's tools read them. A category's id is the class's index, from 0; an image's
 * is its name, or the number that the name is.
 */
public final class CocoResults {
  /** Digits of a long. */
  private static final int MOST_DIGITS = 18;

  private CocoResults() {}

  /** The id of an image file, such as 139 of {@code 000000000139}, else its name. */
  public static CocoId imageId(String name) {
    boolean isNumber =
        name.length() <= MOST_DIGITS && name.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber && !name.isEmpty() ? CocoId.of(Long.parseLong(name)) : CocoId.of(name);
  }

  /**
   * The ids of a prediction for a PNG file, in which void is 0.
   *
   * @throws IllegalArgumentException if a segment has the id 0
   */
  public static PanopticPng.Ids ids(PanopticMap map) {
    if (map.voidId() != 0 && map.byId().containsKey(0)) {
      throw new IllegalArgumentException("segment 0 has the id that files have for void");
    }
    int[] ids = map.ids().clone();
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ids[i] == map.voidId() ? 0 : ids[i];
    }
    return new PanopticPng.Ids(map.height(), map.width(), ids);
  }

  /**
   * A panoptic JSON file of one image, with names and scores.
   *
   * @param image the image's file name
   * @param png name of the PNG file of {@link #ids}
   */
  public static ObjectNode panoptic(
      CocoId id, String image, String png, PanopticMap map, ClassTable classes) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.putArray("images")
        .addObject()
        .putPOJO("id", id)
        .put("file_name", image)
        .put("height", map.height())
        .put("width", map.width());
    ObjectNode annotation = file.putArray("annotations").addObject();
    annotation.putPOJO("image_id", id).put("file_name", png);
    ArrayNode infos = annotation.putArray("segments_info");
    for (Segment segment : map.segments()) {
      ObjectNode info = infos.addObject();
      info.put("id", segment.id()).put("category_id", segment.category());
      info.put("name", classes.names().get(segment.category()));
      info.put("isthing", segment.thing() ? 1 : 0).put("iscrowd", segment.crowd() ? 1 : 0);
      info.put("score", segment.score()).put("area", segment.area());
      info.set("bbox", box(segment.box()));
    }
    ArrayNode categories = file.putArray("categories");
    for (int k = 0; k < classes.size(); k++) {
      categories
          .addObject()
          .put("id", k)
          .put("name", classes.names().get(k))
          .put("isthing", k < classes.things() ? 1 : 0);
    }
    return file;
  }

  /** One instance of a result file, which is a list of these; its mask as compressed runs. */
  public static ObjectNode instance(CocoId image, int category, double score, Rle mask) {
    ObjectNode instance = JsonNodeFactory.instance.objectNode();
    instance.putPOJO("image_id", image).put("category_id", category);
    instance.set("bbox", box(mask.box()));
    ObjectNode runs = instance.putObject("segmentation");
    runs.putArray("size").add(mask.height()).add(mask.width());
    runs.put("counts", mask.text());
    return instance.put("score", score);
  }

  private static ArrayNode box(Box box) {
    ArrayNode sides = JsonNodeFactory.instance.arrayNode();
    return sides.add(box.x0()).add(box.y0()).add(box.width()).add(box.height());
  }
}
