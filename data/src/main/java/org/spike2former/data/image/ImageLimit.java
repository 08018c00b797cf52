package org.spike2former.data.image;

import org.spike2former.tensor.io.Limit;

/**
 * What reading an image may cost. Each limit is held before memory is taken, is named in messages,
 * and can be set as a system property, as in {@code S2F_JAVA_OPTS=-Ds2f.max-pixels=400000000}.
 */
public enum ImageLimit {
  /** Pixels of an image, of its canvas and of a tile. */
  PIXELS("s2f.max-pixels", ImageFiles.MAX_PIXELS),
  /** Bytes of an image file, which is read as a whole. */
  FILE_BYTES("s2f.max-image-bytes", 1 << 30),
  /** Scans of a JPEG; programs write up to some twenty. */
  JPEG_SCANS("s2f.max-jpeg-scans", 100),
  /**
   * Blocks of 8x8 samples that all scans of a JPEG go through; each takes some 0.1 µs. The usual
   * ten scans of three full components come to fourteen for every 64 pixels.
   */
  JPEG_BLOCKS("s2f.max-jpeg-blocks", 32_000_000),
  /** Pixels of a lossy WebP, of which the decoder keeps some 100 bytes each until it is done. */
  LOSSY_WEBP_PIXELS("s2f.max-lossy-webp-pixels", 25_000_000),
  /** Bytes that the prefix codes of a lossless WebP may take. */
  WEBP_CODES("s2f.max-webp-codes", 32 << 20);

  private final Limit limit;

  ImageLimit(String property, long usual) {
    limit = new Limit(property, usual);
  }

  /**
   * The limit in force.
   *
   * @throws IllegalArgumentException if it is set to anything but a positive integer
   */
  public long value() {
    return limit.value();
  }

  /**
   * Makes sure that all limits can be read, so that none fails in the middle of a file.
   *
   * @throws IllegalArgumentException naming one that cannot
   */
  static void check() {
    for (ImageLimit limit : values()) {
      limit.value();
    }
  }

  /** As in "the limit of 100 (-Ds2f.max-jpeg-scans)". */
  @Override
  public String toString() {
    return "the limit of " + limit;
  }
}
