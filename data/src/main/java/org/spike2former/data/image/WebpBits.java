package org.spike2former.data.image;

import javax.imageio.IIOException;

/** The bits of a chunk of a WebP file, the lowest of each byte first. */
final class WebpBits {
  private final byte[] bytes;
  private final int end;
  private int at;
  private long buffer;
  private int available;

  WebpBits(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /**
   * The next bits as a number.
   *
   * @param count at most 32
   * @throws IIOException if the chunk has fewer
   */
  int read(int count) throws IIOException {
    int value = (int) (peek() & (1L << count) - 1);
    skip(count);
    return value;
  }

  boolean readFlag() throws IIOException {
    return read(1) == 1;
  }

  /** The next 32 bits at least; zeros past the end. */
  long peek() {
    while (available <= 56 && at < end) {
      buffer |= (bytes[at++] & 0xffL) << available;
      available += 8;
    }
    return buffer;
  }

  /** Passes over bits that were seen. */
  void skip(int count) throws IIOException {
    if (count > available) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
    buffer >>>= count;
    available -= count;
  }
}
