package org.spike2former.data.image;

import java.util.HashMap;
import java.util.Map;
import javax.imageio.IIOException;

/**
 * The frame and the scans of a JPEG stream. A decoder goes through all blocks of a component for
 * every scan of it, even for one of a few bytes, so that a small file can take hours.
 */
final class JpegStructure {
  private static final int LOSSLESS = 0xc3;
  private static final int RESTART_FIRST = 0xd0;
  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;

  private final byte[] bytes;
  private final Map<Integer, Long> blocks = new HashMap<>();
  private int width;
  private int height;
  private int scans;
  private long work;

  /**
   * Walks through a stream.
   *
   * @param from where it begins in {@code bytes}
   * @param end where it ends at the latest
   * @throws IIOException if its scans are more, or more work, than the limits allow, or if it is
   *     too short for what its frame claims
   */
  JpegStructure(byte[] bytes, int from, int end) throws IIOException {
    this.bytes = bytes;
    for (int at = from; at + 3 < end; ) {
      int marker = bytes[at + 1] & 0xff;
      if ((bytes[at] & 0xff) != 0xff || marker == 0xff) {
        at++; // entropy-coded data, which decoders skip where there are too many of them, and fill
      } else if (marker < 2 || marker >= RESTART_FIRST && marker <= START) {
        at += 2;
      } else if (marker == END) {
        break;
      } else {
        int length = u16(at + 2);
        if (at + 2 + length > end) {
          throw new IIOException(ImageFiles.TRUNCATED);
        }
        if (marker == SCAN) {
          scan(at + 4, length - 2);
        } else if (isFrame(marker) && length >= 8) {
          frame(marker, at + 4, length - 2, end - from);
        }
        at += 2 + length;
      }
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Precision, height, width, number of components; of each its id, sampling and table. */
  private void frame(int marker, int at, int length, int available) throws IIOException {
    height = u16(at + 1);
    width = u16(at + 3);
    ImageFiles.requireSize(width, height);
    int components = Math.min(bytes[at + 5] & 0xff, (length - 6) / 3);
    int most = 1;
    int tallest = 1;
    for (int c = 0; c < components; c++) {
      most = Math.max(most, bytes[at + 7 + 3 * c] >> 4 & 0xf);
      tallest = Math.max(tallest, bytes[at + 7 + 3 * c] & 0xf);
    }
    int side = marker == LOSSLESS ? 1 : 8;
    long columns = ceil(width, side * most);
    long rows = ceil(height, side * tallest);
    long largest = 0;
    blocks.clear();
    for (int c = 0; c < components; c++) {
      int sampling = bytes[at + 7 + 3 * c];
      long count = columns * rows * (sampling >> 4 & 0xf) * (sampling & 0xf);
      blocks.put(bytes[at + 6 + 3 * c] & 0xff, count);
      largest = Math.max(largest, count);
    }
    // Every block, or sample of a lossless file, takes a bit at least.
    if (largest > 8L * available) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
  }

  private static long ceil(int size, int step) {
    return (size + step - 1L) / step;
  }

  /** Number of components; of each its id and tables. */
  private void scan(int at, int length) throws IIOException {
    scans++;
    if (scans > ImageLimit.JPEG_SCANS.value()) {
      throw new IIOException("its scans are more than " + ImageLimit.JPEG_SCANS);
    }
    int components = length < 1 ? 0 : Math.min(bytes[at] & 0xff, (length - 1) / 2);
    for (int c = 0; c < components; c++) {
      work += blocks.getOrDefault(bytes[at + 1 + 2 * c] & 0xff, 0L);
    }
    requireWork(work);
  }

  /** Refuses more blocks in all scans than the limit. */
  static void requireWork(long blocks) throws IIOException {
    if (blocks > ImageLimit.JPEG_BLOCKS.value()) {
      throw new IIOException(
          blocks + " blocks in its first scans are more than " + ImageLimit.JPEG_BLOCKS);
    }
  }

  private int u16(int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  /** Pixels in a row; 0 where there is no frame. */
  int width() {
    return width;
  }

  /** Rows; 0 where there is no frame. */
  int height() {
    return height;
  }

  /** Blocks in all scans. */
  long work() {
    return work;
  }
}
