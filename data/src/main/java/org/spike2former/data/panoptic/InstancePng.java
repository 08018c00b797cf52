package org.spike2former.data.panoptic;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.IIOException;
import org.spike2former.data.image.ImageFiles;

/** Classes and numbers of instances as values of a 16-bit grey PNG. */
public final class InstancePng {
  private static final int PNG_GREY = 0;

  private InstancePng() {}

  /**
   * Reads the values of a 16-bit grey PNG, 0 to 65535.
   *
   * @throws IOException "FILE: what is wrong" if the file is missing, damaged or of another kind
   */
  public static PanopticPng.Ids read(Path file) throws IOException {
    return ImageFiles.decode(
        file,
        (reader, format, bytes) -> {
          // Signature, length and name of the header chunk, width, height, bit depth, colour type.
          if (!format.equals("png") || bytes[24] != 16 || bytes[25] != PNG_GREY) {
            throw new IIOException("classes and instances are kept in 16-bit grey PNG files only");
          }
          Raster raster = reader.read(0).getRaster();
          int height = raster.getHeight();
          int width = raster.getWidth();
          int[] values = raster.getSamples(0, 0, width, height, 0, new int[height * width]);
          return new PanopticPng.Ids(height, width, values);
        });
  }
}
