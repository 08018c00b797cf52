package org.spike2former.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.IIOException;

/**
 * Where the first picture of a WebP file lies.
 *
 * @param lossless whether it is of the lossless form
 * @param from where the content of its chunk begins
 * @param end where that ends
 */
record WebpStructure(boolean lossless, int from, int end) {
  private static final int LOSSY = 0x20385056;
  private static final int LOSSLESS = 0x4c385056;
  private static final int EXTENDED = 0x58385056;
  private static final int FRAME = 0x464d4e41;
  private static final int ALPHA = 0x48504c41;

  /** Of the first chunk, after the file's own header. */
  private static final int FIRST = 12;

  /** Bytes of a chunk's type and length. */
  private static final int HEADER = 8;

  /** Bytes of what a frame says of itself. */
  private static final int FRAME_HEADER = 16;

  /**
   * Finds it.
   *
   * @param bytes the whole file
   * @throws IIOException if the file ends too early, has no picture or several in one, or one that
   *     is too large or of another size than it says
   */
  static WebpStructure of(byte[] bytes) throws IIOException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(in.getInt(4)) + HEADER;
    if (size > bytes.length) {
      throw new IIOException(ImageFiles.TRUNCATED); // the lossy decoder would invent pixels
    }
    int first = in.getInt(FIRST);
    if (first == LOSSY || first == LOSSLESS) {
      return picture(in, FIRST, size, 0, 0);
    }
    if (first != EXTENDED) {
      throw new IIOException("it holds no picture");
    }
    int width = 1 + triple(in, FIRST + HEADER + 4);
    int height = 1 + triple(in, FIRST + HEADER + 7);
    return find(in, next(in, FIRST), size, width, height);
  }

  /** The picture among chunks, or in the first frame among them. */
  private static WebpStructure find(ByteBuffer in, long from, long end, int width, int height)
      throws IIOException {
    WebpStructure found = null;
    boolean alpha = false;
    for (long next = from; next + HEADER <= end; next = next(in, (int) next)) {
      int at = (int) next;
      int type = in.getInt(at);
      if (type == FRAME) {
        int frameWidth = 1 + triple(in, at + HEADER + 6);
        int frameHeight = 1 + triple(in, at + HEADER + 9);
        long frameEnd = Math.min(end, next(in, at));
        return find(in, at + HEADER + FRAME_HEADER, frameEnd, frameWidth, frameHeight);
      }
      boolean again = type == ALPHA ? alpha : found != null && (type == LOSSY || type == LOSSLESS);
      if (again) {
        throw new IIOException("it holds two pictures in one");
      }
      alpha |= type == ALPHA;
      if (type == LOSSY || type == LOSSLESS) {
        found = picture(in, at, end, width, height);
      }
    }
    if (found == null) {
      throw new IIOException("it holds no picture");
    }
    return found;
  }

  private static long next(ByteBuffer in, int at) {
    long length = Integer.toUnsignedLong(in.getInt(at + 4));
    return at + HEADER + length + length % 2;
  }

  /** A chunk that is a picture of this size; any size if it is 0. */
  private static WebpStructure picture(ByteBuffer in, int at, long end, int width, int height)
      throws IIOException {
    boolean lossless = in.getInt(at) == LOSSLESS;
    int from = at + HEADER;
    long to = from + Integer.toUnsignedLong(in.getInt(at + 4));
    if (to > end) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
    // Lossless after a signature of one byte, lossy after three bytes of flags and three others.
    int sizes = lossless ? in.getInt(from + 1) : in.getInt(from + 6);
    int foundWidth = (sizes & 0x3fff) + (lossless ? 1 : 0);
    int foundHeight = (sizes >> (lossless ? 14 : 16) & 0x3fff) + (lossless ? 1 : 0);
    ImageFiles.requireSize(foundWidth, foundHeight);
    if (!lossless && (long) foundWidth * foundHeight > ImageLimit.LOSSY_WEBP_PIXELS.value()) {
      throw new IIOException(
          foundWidth
              + "x"
              + foundHeight
              + " pixels of a lossy one are more than "
              + ImageLimit.LOSSY_WEBP_PIXELS);
    }
    if (width > 0 && (foundWidth != width || foundHeight != height)) {
      throw new IIOException(
          "a picture of "
              + foundWidth
              + "x"
              + foundHeight
              + " pixels lies where one of "
              + width
              + "x"
              + height
              + " should be");
    }
    return new WebpStructure(lossless, from, (int) to);
  }

  private static int triple(ByteBuffer in, int at) {
    return in.getShort(at) & 0xffff | (in.get(at + 2) & 0xff) << 16;
  }
}
