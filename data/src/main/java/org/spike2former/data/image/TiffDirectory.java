package org.spike2former.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.IIOException;

/**
 * The numbers in the first directory of a TIFF file, and whether they can be believed. It is read
 * by hand, because libraries read whatever all directories point to, the same bytes again for every
 * entry.
 */
final class TiffDirectory {
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int COLOR_MAP = 320;
  static final int SAMPLE_FORMAT = 339;

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int STRIP_OFFSETS = 273;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int PLANAR = 284;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int HUFFMAN = 2;
  private static final int GROUP_3 = 3;
  private static final int OLD_JPEG = 6;
  private static final int JPEG = 7;
  private static final int ENTRY = 12;
  private static final int MOST_SAMPLES = 16;

  /** Java's decoder of group 3 has no place for all changes of colour in narrower lines. */
  private static final int LEAST_FAX_WIDTH = 8;

  /** Bytes that a byte can stand for at most, by compression; others have no such bound. */
  private static final Map<Integer, Long> RATIOS =
      Map.of(1, 1L, 5, 2560L, 8, 1032L, 32773, 64L, 32946, 1032L);

  private final ByteBuffer in;
  private final Map<Integer, long[]> numbers = new HashMap<>();

  /**
   * Reads the directory.
   *
   * @param bytes the whole file
   * @throws IIOException if its values take more bytes than the file has
   */
  TiffDirectory(byte[] bytes) throws IIOException {
    in = ByteBuffer.wrap(bytes);
    in.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long at = Integer.toUnsignedLong(in.getInt(4));
    if (at + 2 > bytes.length) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
    int entries = in.getShort((int) at) & 0xffff;
    if (at + 2 + (long) entries * ENTRY > bytes.length) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
    long values = 0;
    for (int i = 0; i < entries; i++) {
      values += read((int) at + 2 + i * ENTRY);
      if (values > bytes.length) {
        throw new IIOException("its directory claims more bytes of values than the file has");
      }
    }
  }

  /** Reads an entry; returns how many bytes its values take elsewhere. */
  private long read(int at) throws IIOException {
    int type = in.getShort(at + 2) & 0xffff;
    long count = Integer.toUnsignedLong(in.getInt(at + 4));
    int width =
        switch (type) {
          case 1, 2, 6, 7 -> 1;
          case 3, 8 -> 2;
          case 4, 9, 11, 13 -> 4;
          case 5, 10, 12 -> 8;
          default -> 0;
        };
    long length = count * width;
    long from = length <= 4 ? at + 8 : Integer.toUnsignedLong(in.getInt(at + 8));
    boolean number = type == 1 || type == 3 || type == 4;
    if (number && from + length <= in.limit()) {
      long[] found = new long[(int) count];
      for (int i = 0; i < found.length; i++) {
        int value = (int) from + i * width;
        found[i] =
            switch (width) {
              case 1 -> in.get(value) & 0xff;
              case 2 -> in.getShort(value) & 0xffff;
              default -> Integer.toUnsignedLong(in.getInt(value));
            };
      }
      numbers.putIfAbsent(in.getShort(at) & 0xffff, found);
    }
    return length <= 4 ? 0 : length;
  }

  /** The numbers of a tag; null if there are none. */
  long[] numbers(int tag) {
    return numbers.get(tag);
  }

  /** The first number of a tag, or what is usual. */
  long number(int tag, long usual) {
    long[] found = numbers.get(tag);
    return found == null || found.length == 0 ? usual : found[0];
  }

  /**
   * Checks the page.
   *
   * @throws IOException if it or a tile of it has too many pixels or samples, if a JPEG inside has
   *     another size or is too much work, or if its pixels cannot be in so few bytes
   */
  void check() throws IOException {
    long width = number(WIDTH, 0);
    long height = number(HEIGHT, 0);
    ImageFiles.requireSize(width, height);
    boolean tiled = numbers(TILE_WIDTH) != null;
    long tileWidth = tiled ? number(TILE_WIDTH, 0) : width;
    long tileHeight =
        tiled ? number(TILE_HEIGHT, 0) : Math.min(height, number(ROWS_PER_STRIP, height));
    ImageFiles.requireSize(tileWidth, tileHeight);
    long samples = number(SAMPLES, 1);
    long bits = number(BITS, 1);
    if (samples < 1 || samples > MOST_SAMPLES || bits < 1 || bits > 64) {
      throw new IIOException(samples + " samples of " + bits + " bits are not read");
    }
    long[] offsets = numbers(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    long[] lengths = numbers(tiled ? TILE_BYTES : STRIP_BYTES);
    int compression = (int) number(COMPRESSION, 1);
    if ((compression == HUFFMAN || compression == GROUP_3) && tileWidth < LEAST_FAX_WIDTH) {
      throw new IIOException(
          "fax pages of group 3 narrower than "
              + LEAST_FAX_WIDTH
              + " pixels are not read; save it with another compression");
    }
    Long ratio = RATIOS.get(compression);
    long channels = number(PLANAR, 1) == 2 ? 1 : samples;
    if (ratio != null && height * (width * samples * bits / 8) > ratio * in.limit()
        || ratio != null && tileHeight * (tileWidth * channels * bits / 8) > ratio * in.limit()) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
    if ((compression == JPEG || compression == OLD_JPEG) && offsets != null && lengths != null) {
      checkJpegs(offsets, lengths, tileWidth, tileHeight);
    }
  }

  private void checkJpegs(long[] offsets, long[] lengths, long width, long height)
      throws IIOException {
    long work = 0;
    for (int i = 0; i < Math.min(offsets.length, lengths.length); i++) {
      if (offsets[i] + lengths[i] > in.limit()) {
        throw new IIOException(ImageFiles.TRUNCATED);
      }
      int from = (int) offsets[i];
      JpegStructure jpeg = new JpegStructure(in.array(), from, from + (int) lengths[i]);
      if (jpeg.width() > width || jpeg.height() > height) {
        throw new IIOException(
            "a JPEG inside has "
                + jpeg.width()
                + "x"
                + jpeg.height()
                + " pixels, expected at most "
                + width
                + "x"
                + height);
      }
      work += jpeg.work();
    }
    JpegStructure.requireWork(work);
  }
}
