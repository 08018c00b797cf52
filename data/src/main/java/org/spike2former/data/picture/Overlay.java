package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;

/**
 * A photo with its segmentation: every class is tinted in its colour and outlined, dark ones in a
 * lighter shade, and a legend lists the classes that occur, the largest first, with their share of
 * the pixels. Small photos are magnified by a whole factor, so that the legend is legible. The same
 * input gives the same bytes on every machine, unless a class has a name in other letters than
 * Latin ones: these are written in the machine's fonts or, where it has none for them, as "class
 * 7".
 */
public final class Overlay {
  private Overlay() {}

  /** As {@link #draw(BufferedImage, LabelMap, ClassTable, OverlayStyle)} in the usual style. */
  public static BufferedImage draw(BufferedImage photo, LabelMap labels, ClassTable classes) {
    return draw(photo, labels, classes, OverlayStyle.USUAL);
  }

  /**
   * Draws the picture.
   *
   * @param labels of the photo's size; labels that are not classes are left untinted
   * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}, at least as large as the photo
   * @throws IllegalArgumentException if the sizes differ, or the photo is so long and thin that the
   *     picture would be huge
   */
  public static BufferedImage draw(
      BufferedImage photo, LabelMap labels, ClassTable classes, OverlayStyle style) {
    TintedPhoto tinted = new TintedPhoto(photo, "labels", labels.height(), labels.width());
    long[] counts = labels.counts();
    int scale = tinted.textScale();
    List<Legend.Entry> legend =
        IntStream.range(0, classes.size())
            .filter(k -> counts[k] > 0)
            .boxed()
            .sorted(Comparator.comparing((Integer k) -> -counts[k]))
            .map(k -> entry(classes, k, "", counts[k], labels.pixels(), scale))
            .toList();
    return tinted
        .draw(
            labels::label,
            label -> label < classes.size() ? classes.color(label) : -1,
            legend,
            style)
        .image();
  }

  /**
   * A line of a legend.
   *
   * @param remark behind the class's name
   */
  static Legend.Entry entry(
      ClassTable classes, int k, String remark, long count, int pixels, int scale) {
    String name = classes.names().get(k) + remark;
    Lettering lettering = Lettering.of(name, Legend.MAX_NAME, "class " + k + remark, scale);
    return Legend.Entry.of(classes.color(k), lettering, count, pixels);
  }
}
