package org.spike2former.data.image;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;

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
    Directory tags = firstDirectory(bytes);
    int kind = number(tags, TIFF.TAG_SAMPLE_FORMAT, UNSIGNED);
    if (kind == FLOAT) {
      throw new IIOException(
          "samples are floating-point numbers, of which it is not known what is white; save it"
              + " with 8 or 16 bits");
    }
    if (kind != UNSIGNED && kind != UNDEFINED) {
      throw new IIOException("samples are not unsigned numbers of at most 16 bits");
    }
    return number(tags, TIFF.TAG_PHOTOMETRIC_INTERPRETATION, -1) == PALETTE
        ? paint(page.getRaster(), colorMap(tags))
        : Rgb8.of(page);
  }

  private static Directory firstDirectory(byte[] bytes) throws IOException {
    try (ImageInputStream in = new BytesInputStream(bytes)) {
      return ((CompoundDirectory) new TIFFReader().read(in)).getDirectory(0);
    }
  }

  private static int number(Directory tags, int tag, int usual) {
    Entry entry = tags.getEntryById(tag);
    Object value = entry == null ? null : entry.getValue();
    return switch (value) {
      case int[] several when several.length > 0 -> several[0];
      case Number single -> single.intValue();
      case null, default -> usual;
    };
  }

  /** All reds, all greens, all blues. */
  private static int[] colorMap(Directory tags) throws IIOException {
    Entry entry = tags.getEntryById(TIFF.TAG_COLOR_MAP);
    if (entry == null || !(entry.getValue() instanceof int[] stored)) {
      throw new IIOException("the colour map is missing");
    }
    int[] map = stored.clone();
    boolean bytes = true;
    for (int level : map) {
      bytes &= level < 256;
    }
    for (int i = 0; i < map.length && !bytes; i++) {
      map[i] >>= 8;
    }
    return map;
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
