package org.spike2former.data.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.spike2former.data.panoptic.PanopticPng;

/** Small data sets on disk whose files tell things apart; images are of 32x24 pixels. */
public final class SegmentTrees {
  private SegmentTrees() {}

  /** Ids in four columns of 8 pixels each. */
  static int[] columns(int... ids) {
    int[] map = new int[24 * 32];
    for (int i = 0; i < map.length; i++) {
      map[i] = ids[i % 32 / 8];
    }
    return map;
  }

  /** A PNG of COCO's colours with ids in four columns. */
  public static void colors(Path file, int... ids) throws IOException {
    PanopticPng.write(new PanopticPng.Ids(24, 32, columns(ids)), file);
  }

  /** A 16-bit PNG with values in four columns. */
  public static void values(Path file, int... values) throws IOException {
    BufferedImage image = new BufferedImage(32, 24, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSamples(0, 0, 32, 24, 0, columns(values));
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  /** Writes JSON in which ' stands for ". */
  public static Path json(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text.replace('\'', '"'));
  }

  /**
   * COCO's validation split with image 7: a person, a crowd of persons, a car, and grass, in four
   * columns.
   */
  public static Path coco(Path root) throws IOException {
    Trees.image(root.resolve("val2017/000000000007.jpg"), 0x804020);
    colors(root.resolve("annotations/panoptic_val2017/000000000007.png"), 300, 2, 70_000, 9);
    json(
        root.resolve("annotations/panoptic_val2017.json"),
        """
        {'images': [{'id': 7, 'file_name': '000000000007.jpg', 'height': 24, 'width': 32}],
         'annotations': [{'image_id': 7, 'file_name': '000000000007.png', 'segments_info': [
           {'id': 300, 'category_id': 1, 'iscrowd': 0, 'area': 192, 'bbox': [0, 0, 8, 24]},
           {'id': 2, 'category_id': 1, 'iscrowd': 1, 'area': 192},
           {'id': 70000, 'category_id': 3, 'iscrowd': 0, 'area': 192},
           {'id': 9, 'category_id': 193, 'iscrowd': 0, 'area': 192}]}],
         'categories': [
           {'id': 193, 'name': 'grass-merged', 'isthing': 0},
           {'id': 3, 'name': 'car', 'isthing': 1},
           {'id': 1, 'name': 'person', 'isthing': 1}]}
        """);
    return root;
  }

  /** A rectangle as a polygon. */
  static String box(int x0, int y0, int x1, int y1) {
    return Arrays.toString(new int[] {x0, y0, x1, y0, x1, y1, x0, y1});
  }

  /** COCO's instances of image 7: those that are given, in JSON. */
  public static Path instances(Path root, String annotations) throws IOException {
    Trees.image(root.resolve("val2017/000000000007.jpg"), 0x804020);
    json(
        root.resolve("annotations/instances_val2017.json"),
        """
        {'images': [{'id': 7, 'file_name': '000000000007.jpg', 'height': 24, 'width': 32}],
         'categories': [{'id': 1, 'name': 'person'}, {'id': 3, 'name': 'car'}],
         'annotations': [ANNOTATIONS]}
        """
            .replace("ANNOTATIONS", annotations));
    return root;
  }
}
