package org.spike2former.data.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.IIOException;

/** The chunks of a PNG file and their checksums, which Java's reader does not look at. */
final class PngStructure {
  private static final int SIGNATURE = 8;
  private static final int HEADER = 0x49484452;
  private static final int DATA = 0x49444154;
  private static final int END = 0x49454E44;

  /** No byte of deflated data makes more bytes than this. */
  private static final long MOST_FROM_A_BYTE = 1032;

  private PngStructure() {}

  /**
   * Checks a file.
   *
   * @throws IIOException if a chunk is cut off or damaged, or if its pixels cannot be in so few
   *     bytes
   */
  static void check(byte[] bytes) throws IIOException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long data = 0;
    long needed = 0;
    int type = 0;
    // The end may be missing. A name may be damaged too, so that no chunk can be passed over.
    for (int at = SIGNATURE; type != END && at + 8 <= bytes.length; ) {
      long length = Integer.toUnsignedLong(in.getInt(at));
      type = in.getInt(at + 4);
      if (at + 12 + length > bytes.length) {
        throw new IIOException(ImageFiles.TRUNCATED);
      }
      int crc = at + 8 + (int) length;
      if (in.getInt(crc) != checksum(bytes, at + 4, crc)) {
        String name = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
        throw new IIOException("its chunk " + name + " is damaged: the checksum differs");
      }
      if (type == HEADER && length == 13) {
        needed = size(in, at + 8);
      }
      data += type == DATA ? length : 0;
      at = crc + 4;
    }
    if (needed > data * MOST_FROM_A_BYTE) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
  }

  private static int checksum(byte[] bytes, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  /** Bytes of the pixels that a header claims. */
  private static long size(ByteBuffer in, int at) throws IIOException {
    long width = Integer.toUnsignedLong(in.getInt(at));
    long height = Integer.toUnsignedLong(in.getInt(at + 4));
    ImageFiles.requireSize(width, height);
    int samples =
        switch (in.get(at + 9)) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    return height * ((width * samples * in.get(at + 8) + 7) / 8);
  }
}
