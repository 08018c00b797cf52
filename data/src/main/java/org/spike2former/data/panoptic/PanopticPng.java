package org.spike2former.data.panoptic;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.IIOException;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.Rgb8;

/** Ids of segments as COCO's colours: the id of a pixel is R + 256·G + 65536·B. */
public final class PanopticPng {
  /** The greatest id that a colour can hold. */
  public static final int MAX_ID = 0xff_ffff;

  private static final int PNG_RGB = 2;

  private PanopticPng() {}

  /**
   * The ids of a file.
   *
   * @param ids [height, width]
   */
  public record Ids(int height, int width, int[] ids) {}

  /**
   * Reads an 8-bit RGB PNG.
   *
   * @throws IOException "FILE: what is wrong" if the file is missing, damaged or of another kind
   */
  public static Ids read(Path file) throws IOException {
    return ImageFiles.decode(
        file,
        (reader, format, bytes) -> {
          // Signature, length and name of the header chunk, width, height, bit depth, colour type.
          if (!format.equals("png") || bytes[24] != 8 || bytes[25] != PNG_RGB) {
            throw new IIOException("ids of segments are kept in 8-bit RGB PNG files only");
          }
          Raster raster = reader.read(0).getRaster();
          int height = raster.getHeight();
          int width = raster.getWidth();
          int[] ids = new int[height * width];
          int[] row = new int[3 * width];
          for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
              ids[y * width + x] = row[3 * x] | row[3 * x + 1] << 8 | row[3 * x + 2] << 16;
            }
          }
          return new Ids(height, width, ids);
        });
  }

  /**
   * An image of the ids.
   *
   * @throws IllegalArgumentException for an id that is negative or above {@link #MAX_ID}
   */
  public static BufferedImage image(Ids ids) {
    BufferedImage image = Rgb8.create(ids.width(), ids.height());
    byte[] bgr = Rgb8.bgr(image);
    for (int i = 0; i < ids.ids().length; i++) {
      int id = ids.ids()[i];
      if (id < 0 || id > MAX_ID) {
        throw new IllegalArgumentException("id " + id + " does not fit a colour");
      }
      bgr[3 * i] = (byte) (id >> 16);
      bgr[3 * i + 1] = (byte) (id >> 8);
      bgr[3 * i + 2] = (byte) id;
    }
    return image;
  }

  /**
   * Writes the ids, whole or not at all.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static void write(Ids ids, Path file) throws IOException {
    ImageFiles.writePng(image(ids), file);
  }
}
