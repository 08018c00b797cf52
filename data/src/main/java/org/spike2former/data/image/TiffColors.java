package org.spike2former.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOException;

/**
 * The colours of a TIFF file's first page, as libtiff sees them. Java's reader scales colour maps
 * by 255/65535, which loses a level where writers multiplied by 256, and all of them where they
 * stored 8-bit values.
 */
final class TiffColors {
  private static final int PALETTE = 3;
  private static final int UNSIGNED = 1;
  private static final int FLOAT = 3;
  private static final int UNDEFINED = 4;

  private TiffColors() {}

  /**
   * The page as 8-bit RGB.
   *
   * @param page what Java's reader made of it
   * @param bytes the whole file
   * @throws IIOException if the samples are signed numbers, or a colour is missing
   */
  static BufferedImage rgb(BufferedImage page, byte[] bytes) throws IOException {
    TiffDirectory tags = new TiffDirectory(bytes);
    long kind = tags.number(TiffDirectory.SAMPLE_FORMAT, UNSIGNED);
    if (kind == FLOAT) {
      throw new IIOException(
          "samples are floating-point numbers, of which it is not known what is white; save it"
              + " with 8 or 16 bits");
    }
    if (kind != UNSIGNED && kind != UNDEFINED) {
      throw new IIOException("samples are not unsigned numbers of at most 16 bits");
    }
    return tags.number(TiffDirectory.PHOTOMETRIC, -1) == PALETTE
        ? paint(page.getRaster(), colorMap(tags))
        : Rgb8.of(page);
  }

  /** All reds, all greens, all blues. */
  private static int[] colorMap(TiffDirectory tags) throws IIOException {
    long[] stored = tags.numbers(TiffDirectory.COLOR_MAP);
    if (stored == null) {
      throw new IIOException("the colour map is missing");
    }
    boolean bytes = Arrays.stream(stored).allMatch(level -> level < 256);
    return Arrays.stream(stored).mapToInt(level -> (int) (bytes ? level : level >> 8)).toArray();
  }

  private static BufferedImage paint(Raster raster, int[] map) throws IIOException {
    int width = raster.getWidth();
    int colors = map.length / 3;
    BufferedImage image = Rgb8.create(width, raster.getHeight());
    byte[] out = Rgb8.bgr(image);
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        if (index >= colors) {
          throw new IIOException("colour " + index + " is not one of the colour map's " + colors);
        }
        out[at++] = (byte) map[index + 2 * colors];
        out[at++] = (byte) map[index + colors];
        out[at++] = (byte) map[index];
      }
    }
    return image;
  }
}
