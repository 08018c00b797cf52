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
  public static ObjectNode panoptic(String image, String png, PanopticMap map, ClassTable classes) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    putId(file.putArray("images").addObject(), "id", image)
        .put("file_name", image)
        .put("height", map.height())
        .put("width", map.width());
    ObjectNode annotation = file.putArray("annotations").addObject();
    putId(annotation, "image_id", image).put("file_name", png);
    annotation.set("segments_info", segments(map, classes));
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

  /** The {@code segments_info} of a prediction, with names and scores. */
  public static ArrayNode segments(PanopticMap map, ClassTable classes) {
    ArrayNode infos = JsonNodeFactory.instance.arrayNode();
    for (Segment segment : map.segments()) {
      ObjectNode info = infos.addObject();
      info.put("id", segment.id()).put("category_id", segment.category());
      info.put("name", classes.names().get(segment.category()));
      info.put("isthing", segment.thing() ? 1 : 0).put("iscrowd", segment.crowd() ? 1 : 0);
      info.put("score", segment.score()).put("area", segment.area());
      info.set("bbox", box(segment.box()));
    }
    return infos;
  }

  /**
   * One instance of a result file, which is a list of these; its mask as compressed runs.
   *
   * @param image the image's file name
   */
  public static ObjectNode instance(String image, int category, double score, Rle mask) {
    ObjectNode instance = JsonNodeFactory.instance.objectNode();
    putId(instance, "image_id", image).put("category_id", category).put("score", score);
    instance.set("bbox", box(mask.box()));
    ObjectNode runs = instance.putObject("segmentation");
    runs.putArray("size").add(mask.height()).add(mask.width());
    runs.put("counts", mask.text());
    return instance;
  }

  /** A box as [x, y, width, height]. */
  public static ArrayNode box(Box box) {
    ArrayNode sides = JsonNodeFactory.instance.arrayNode();
    return sides.add(box.x0()).add(box.y0()).add(box.width()).add(box.height());
  }

  /** The id of an image, such as 139 of {@code 000000000139.jpg}, else the name of its file. */
  private static ObjectNode putId(ObjectNode node, String key, String image) {
    int dot = image.lastIndexOf('.');
    String name = dot > 0 ? image.substring(0, dot) : image;
    return name.matches("[0-9]{1," + MOST_DIGITS + "}")
        ? node.put(key, Long.parseLong(name))
        : node.put(key, name);
  }
}
