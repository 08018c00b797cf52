package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.ClassTable;

/**
 * A photo with the objects found in it: each is tinted in a shade of its class's colour, outlined
 * and named where there is most room in it; a legend lists the classes that occur, the largest
 * first, with how many objects they have and their share of the pixels. Magnification and letters
 * are those of {@link Overlay}.
 */
public final class ObjectOverlay {
  /** Of a pixel that belongs to no object. */
  public static final int NOTHING = -1;

  /** Shades of a class's colour, the plain one first: shares of white, or of black if negative. */
  private static final double[] SHADES = {0, 0.35, -0.3, 0.6, -0.5};

  private static final int MAX_TEXT = 24;

  private final TintedPhoto tinted;
  private final int[] regions;
  private final List<Item> items;
  private final ClassTable classes;
  private final int width;

  /**
   * An object.
   *
   * @param category its class
   * @param number of a thing among those of its class, from 1; 0 for stuff
   * @param text what is written on it
   */
  public record Item(int category, int number, String text) {}

  private ObjectOverlay(BufferedImage photo, int[] regions, List<Item> items, ClassTable classes) {
    width = photo.getWidth();
    tinted = new TintedPhoto(photo, "regions", regions.length / width, width);
    this.regions = regions;
    this.items = items;
    this.classes = classes;
  }

  /**
   * Draws the picture.
   *
   * @param regions for each pixel of the photo, row by row, its object's place among the items, or
   *     {@link #NOTHING}
   * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}, at least as large as the photo
   * @throws IllegalArgumentException if the sizes differ, or the photo is so long and thin that the
   *     picture would be huge
   */
  public static BufferedImage draw(
      BufferedImage photo,
      int[] regions,
      List<Item> items,
      ClassTable classes,
      OverlayStyle style) {
    return new ObjectOverlay(photo, regions, items, classes).draw(style);
  }

  private BufferedImage draw(OverlayStyle style) {
    int[] shades = items.stream().mapToInt(this::shade).toArray();
    Canvas canvas =
        tinted.draw(
            (y, x) -> regions[y * width + x],
            region -> region == NOTHING ? -1 : shades[region],
            legend(),
            style);
    InnerPoints points = new InnerPoints(regions, width, items.size());
    for (int i = 0; i < items.size(); i++) {
      if (points.radius(i) > 0) {
        write(canvas, items.get(i), points.x(i), points.y(i), points.radius(i));
      }
    }
    return canvas.image();
  }

  private int shade(Item item) {
    int color = classes.color(item.category);
    double share = SHADES[Math.max(0, item.number - 1) % SHADES.length];
    int shaded = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int level = color >> shift & 0xff;
      double mixed = share < 0 ? level * (1 + share) : level + (255 - level) * share;
      shaded |= (int) (mixed + 0.5) << shift;
    }
    return shaded;
  }

  private List<Legend.Entry> legend() {
    long[] pixels = new long[classes.size()];
    for (int region : regions) {
      if (region != NOTHING) {
        pixels[items.get(region).category]++;
      }
    }
    int[] things = new int[classes.size()];
    items.stream().filter(item -> item.number > 0).forEach(item -> things[item.category]++);
    return IntStream.range(0, classes.size())
        .filter(k -> pixels[k] > 0)
        .boxed()
        .sorted(Comparator.comparing((Integer k) -> -pixels[k]))
        .map(
            k ->
                Overlay.entry(
                    classes,
                    k,
                    things[k] > 0 ? " (" + things[k] + ")" : "",
                    pixels[k],
                    regions.length,
                    tinted.textScale()))
        .toList();
  }

  /** Things are named however small they are; stuff only where the name has room. */
  private void write(Canvas canvas, Item item, int x, int y, int radius) {
    int scale = Math.max(1, tinted.textScale() / 2);
    Lettering name = Lettering.of(item.text, MAX_TEXT, "class " + item.category, scale);
    int textWidth = (name.width() + 2) * scale;
    int textHeight = (BitmapFont.HEIGHT + 1) * scale;
    if (item.number == 0 && 2 * radius * tinted.zoom() < textHeight) {
      return;
    }
    int zoom = tinted.zoom();
    int height = regions.length / width;
    int left = clamp(x * zoom + zoom / 2 - textWidth / 2, width * zoom - textWidth);
    int top = clamp(y * zoom + zoom / 2 - textHeight / 2, height * zoom - textHeight);
    if (left < 0 || top < 0) {
      return; // a photo that is narrower than the name
    }
    canvas.fill(left, top, textWidth, textHeight, Legend.INK);
    name.draw(canvas, left + scale, top + scale, Legend.INK, Legend.PAPER);
  }

  private static int clamp(int value, int most) {
    return Math.min(Math.max(0, value), most);
  }
}
