package org.spike2former.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.IIOException;

/**
 * What the headers of an image file claim, held against the limits and against what its bytes can
 * hold, before a decoder takes memory or time for it.
 */
final class FileStructure {
  private static final int BMP_CORE = 12;
  private static final int BMP_RGB = 0;
  private static final int BMP_BIT_FIELDS = 3;
  private static final int BMP_JPEG = 4;
  private static final int BMP_PNG = 5;

  private FileStructure() {}

  /**
   * Checks a file.
   *
   * @param format of {@link ImageFiles}
   * @throws IIOException if it asks for too much, is damaged where that can be seen without
   *     decoding it, or is too short for its pixels
   */
  static void check(String format, byte[] bytes) throws IOException {
    try {
      switch (format) {
        case "jpeg" -> new JpegStructure(bytes, 0, bytes.length);
        case "png" -> PngStructure.check(bytes);
        case "bmp" -> checkBmp(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        case "gif" -> FirstFrame.of(format, bytes);
        case "tif" -> new TiffDirectory(bytes).check();
        case "webp" -> WebpStructure.of(bytes);
        default -> {}
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IIOException(ImageFiles.TRUNCATED, e);
    }
  }

  /** Java's reader would decode a JPEG or PNG inside, whatever its size; hardly any other does. */
  private static void checkBmp(ByteBuffer in) throws IIOException {
    boolean core = in.getInt(14) == BMP_CORE;
    long width = core ? in.getShort(18) & 0xffff : in.getInt(18);
    long height = core ? in.getShort(20) & 0xffff : Math.abs((long) in.getInt(22));
    ImageFiles.requireSize(width, height);
    int bits = in.getShort(core ? 24 : 28);
    int compression = core ? BMP_RGB : in.getInt(30);
    if (compression == BMP_JPEG || compression == BMP_PNG) {
      throw new IIOException(
          "a " + (compression == BMP_JPEG ? "JPEG" : "PNG") + " inside is not read");
    }
    boolean stored = compression == BMP_RGB || compression == BMP_BIT_FIELDS;
    if (stored) {
      long row = (width * bits + 31) / 32 * 4;
      // The last row may lack its padding.
      long size = row * (height - 1) + (width * bits + 7) / 8;
      if (Integer.toUnsignedLong(in.getInt(10)) + size > in.limit()) {
        throw new IIOException(ImageFiles.TRUNCATED);
      }
    }
  }
}
