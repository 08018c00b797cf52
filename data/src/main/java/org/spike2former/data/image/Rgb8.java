package org.spike2former.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import javax.imageio.IIOException;

/** Pixels of any image as 8-bit RGB, past Java2D's colour management. */
public final class Rgb8 {
  private Rgb8() {}

  /** A black image of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public static BufferedImage create(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
  }

  /** The storage of an image of type {@link BufferedImage#TYPE_3BYTE_BGR}: BGR, row by row. */
  public static byte[] bgr(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  /**
   * The image as type {@link BufferedImage#TYPE_3BYTE_BGR}; itself where it is one. Samples of more
   * than 8 bits keep their upper 8, smaller ones are stretched to 0…255, alpha is dropped.
   *
   * @throws IIOException if its samples are not grey, palette or RGB of at most 16 bits
   */
  static BufferedImage of(BufferedImage image) throws IIOException {
    int width = image.getWidth();
    int height = image.getHeight();
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
        && bgr(image).length == 3L * width * height) {
      return image;
    }
    byte[][] tables = tables(image);
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int step = isRgb(image) ? 1 : 0;
    BufferedImage result = create(width, height);
    byte[] out = bgr(result);
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i += bands) {
        out[at++] = tables[2][row[i + 2 * step]];
        out[at++] = tables[1][row[i + step]];
        out[at++] = tables[0][row[i]];
      }
    }
    return result;
  }

  private static boolean isRgb(BufferedImage image) {
    return !(image.getColorModel() instanceof IndexColorModel)
        && image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_RGB;
  }

  /** For R, G and B: the 8-bit value of every value that the sample may have. */
  private static byte[][] tables(BufferedImage image) throws IIOException {
    SampleModel samples = image.getSampleModel();
    if (image.getColorModel() instanceof IndexColorModel) {
      IndexColorModel palette = (IndexColorModel) image.getColorModel();
      byte[][] tables = new byte[3][Math.max(1 << samples.getSampleSize(0), palette.getMapSize())];
      palette.getReds(tables[0]);
      palette.getGreens(tables[1]);
      palette.getBlues(tables[2]);
      return tables;
    }
    boolean rgb = isRgb(image);
    if (!rgb && image.getColorModel().getColorSpace().getType() != ColorSpace.TYPE_GRAY) {
      throw new IIOException("colours are neither grey nor RGB");
    }
    byte[][] tables = new byte[3][];
    for (int c = 0; c < 3; c++) {
      int bits = samples.getSampleSize(rgb ? c : 0);
      if (bits > 16 || samples.getDataType() == DataBuffer.TYPE_SHORT) {
        throw new IIOException("samples are not unsigned numbers of at most 16 bits");
      }
      tables[c] = new byte[1 << bits];
      for (int v = 0; v < tables[c].length; v++) {
        tables[c][v] = (byte) (bits >= 8 ? v >> (bits - 8) : v * 255 / ((1 << bits) - 1));
      }
    }
    return tables;
  }
}
