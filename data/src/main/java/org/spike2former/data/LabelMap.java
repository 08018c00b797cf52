package org.spike2former.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
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
 * @param labels unsigned bytes, [height, width], or for more than 255 classes twice as many, the
 *     lower of a label's two bytes first; not copied
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
    long pixels = (long) height * width;
    if (height < 1 || width < 1 || pixels != labels.length && 2 * pixels != labels.length) {
      throw new IllegalArgumentException(
          labels.length + " labels do not fill " + width + "x" + height + " pixels");
    }
  }

  /** Whether labels have 16 bits. */
  public boolean isWide() {
    return labels.length > pixels();
  }

  /** Number of pixels. */
  public int pixels() {
    return height * width;
  }

  /** The label at row {@code y} and column {@code x}, 0 to 255, or to 65535. */
  public int label(int y, int x) {
    return label(y * width + x);
  }

  /** The label of a pixel by its place in [height, width]. */
  public int label(int pixel) {
    return isWide()
        ? labels[2 * pixel] & 0xff | (labels[2 * pixel + 1] & 0xff) << 8
        : labels[pixel] & 0xff;
  }

  /** Number of pixels with each label, [256] or [65536]. */
  public long[] counts() {
    long[] counts = new long[isWide() ? 1 << 16 : 1 << 8];
    for (int pixel = 0; pixel < pixels(); pixel++) {
      counts[label(pixel)]++;
    }
    return counts;
  }

  /** Share of the pixels that have this label, 0 to 1. */
  public double share(int label) {
    return (double) counts()[label] / pixels();
  }

  /**
   * The labels where they have 8 bits.
   *
   * @throws IllegalArgumentException if they have 16
   */
  public byte[] narrow() {
    if (isWide()) {
      throw new IllegalArgumentException("expected labels of 8 bits, found 16");
    }
    return labels;
  }

  /** A grey image of 8 or 16 bits whose samples are the labels. */
  public BufferedImage toImage() {
    return isWide() ? grey16() : grey8();
  }

  private BufferedImage grey16() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
    short[] samples = ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
    for (int pixel = 0; pixel < samples.length; pixel++) {
      samples[pixel] = (short) label(pixel);
    }
    return image;
  }

  private BufferedImage grey8() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(labels, 0, samples, 0, labels.length);
    return image;
  }

  /**
   * The same with the classes' colours as its palette; labels that are no classes are black.
   *
   * @throws IllegalArgumentException if labels have 16 bits, for which there are no palettes
   */
  public BufferedImage toImage(ClassTable classes) {
    if (isWide()) {
      throw new IllegalArgumentException("a palette has 256 colours, and labels have 16 bits");
    }
    int[] palette = new int[256];
    for (int k = 0; k < classes.size(); k++) {
      palette[k] = classes.color(k);
    }
    IndexColorModel colors =
        new IndexColorModel(8, 256, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
    return new BufferedImage(colors, toImage().getRaster(), false, null);
  }

  /**
   * Writes an 8-bit PNG with a palette, whose indices are the labels; of 16-bit labels a 16-bit
   * grey one.
   *
   * @param classes whose colours the palette has, so that any viewer shows the classes apart
   * @throws IOException "FILE: what is wrong"
   */
  public void writePng(Path file, ClassTable classes) throws IOException {
    ImageFiles.writePng(isWide() ? toImage() : toImage(classes), file);
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
