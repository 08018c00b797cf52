package org.spike2former.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.IIOException;
import org.spike2former.data.image.ImageFiles;

/**
 * A class index for every pixel.
 *
 * @param height pixels
 * @param width pixels
 * @param labels unsigned bytes, [height, width]; not copied
 */
public record LabelMap(int height, int width, byte[] labels) {
  private static final int PNG_GREY = 0;
  private static final int PNG_PALETTE = 3;

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if there are not {@code height·width} labels
   */
  public LabelMap {
    if (height < 1 || width < 1 || (long) height * width != labels.length) {
      throw new IllegalArgumentException(
          labels.length + " labels do not fill " + width + "x" + height + " pixels");
    }
  }

  /** The label at row {@code y} and column {@code x}, 0 to 255. */
  public int label(int y, int x) {
    return labels[y * width + x] & 0xff;
  }

  /** Number of pixels with each label, [256]. */
  public long[] counts() {
    long[] counts = new long[256];
    for (byte label : labels) {
      counts[label & 0xff]++;
    }
    return counts;
  }

  /** Share of the pixels that have this label, 0 to 1. */
  public double share(int label) {
    return (double) counts()[label] / labels.length;
  }

  /** An 8-bit grey image whose samples are the labels. */
  public BufferedImage toImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(labels, 0, samples, 0, labels.length);
    return image;
  }

  /** The same with the classes' colours as its palette; labels that are no classes are black. */
  public BufferedImage toImage(ClassTable classes) {
    int[] palette = new int[256];
    for (int k = 0; k < classes.size(); k++) {
      palette[k] = classes.color(k);
    }
    IndexColorModel colors =
        new IndexColorModel(8, 256, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
    return new BufferedImage(colors, toImage().getRaster(), false, null);
  }

  /**
   * Writes an 8-bit PNG with a palette, whose indices are the labels.
   *
   * @param classes whose colours the palette has, so that any viewer shows the classes apart
   * @throws IOException "FILE: what is wrong"
   */
  public void writePng(Path file, ClassTable classes) throws IOException {
    ImageFiles.writePng(toImage(classes), file);
  }

  /**
   * Reads the samples of an 8-bit grey PNG, or the indices of one with a palette.
   *
   * @throws IOException "FILE: what is wrong" if the file is missing, damaged or of another kind
   */
  public static LabelMap read(Path file) throws IOException {
    return ImageFiles.decode(
        file,
        (reader, format, bytes) -> {
          requireLabels(format, bytes);
          Raster raster = reader.read(0).getRaster();
          int height = raster.getHeight();
          int width = raster.getWidth();
          byte[] labels = new byte[height * width];
          int[] row = new int[width];
          for (int y = 0; y < height; y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
              labels[y * width + x] = (byte) row[x];
            }
          }
          return new LabelMap(height, width, labels);
        });
  }

  private static void requireLabels(String format, byte[] bytes) throws IIOException {
    if (!format.equals("png")) {
      throw new IIOException("labels are kept in 8-bit grey or palette PNG files only");
    }
    // Signature, length and name of the header chunk, width, height, bit depth, colour type.
    int bits = bytes[24];
    int type = bytes[25];
    if (!(type == PNG_PALETTE || type == PNG_GREY && bits == 8)) {
      throw new IIOException(
          "labels need 8-bit grey or a palette, found PNG colour type "
              + type
              + " with "
              + bits
              + " bits");
    }
  }
}
