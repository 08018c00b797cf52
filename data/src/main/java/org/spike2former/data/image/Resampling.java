package org.spike2former.data.image;

/**
 * Resampling of 8-bit images and labels. The bilinear one gives the bytes of OpenCV's {@code
 * resize} with {@code INTER_LINEAR}: half-pixel centres, borders repeated, no anti-aliasing, and
 * weights rounded to 1/2048.
 */
public final class Resampling {
  private static final int ONE = 2048;

  private Resampling() {}

  /**
   * Resamples an image.
   *
   * @param image [height, width, channels]
   * @return [newHeight, newWidth, channels]; {@code image} itself where the size stays
   * @throws IllegalArgumentException if an extent is below 1, the image does not have {@code
   *     height·width·channels} bytes, or the result would not fit into an array
   */
  public static byte[] bilinear(
      byte[] image, int height, int width, int channels, int newHeight, int newWidth) {
    requireSize("image", image.length, height, width, channels);
    requireSize("resampled image", -1, newHeight, newWidth, channels);
    if (newHeight == height && newWidth == width) {
      return image;
    }
    Axis rows = new Axis(height, newHeight);
    Axis columns = new Axis(width, newWidth);
    int stride = newWidth * channels;
    byte[] out = new byte[newHeight * stride];
    int[] upper = new int[stride];
    int[] lower = new int[stride];
    int upperRow = -1;
    int lowerRow = -1;
    for (int y = 0; y < newHeight; y++) {
      int y0 = clamp(rows.index[y], height);
      int y1 = clamp(rows.index[y] + 1, height);
      if (y0 == lowerRow) {
        int[] swap = upper;
        upper = lower;
        lower = swap;
        lowerRow = upperRow;
        upperRow = y0;
      }
      if (y0 != upperRow) {
        row(image, y0 * width * channels, width, channels, columns, upper);
        upperRow = y0;
      }
      if (y1 != lowerRow) {
        row(image, y1 * width * channels, width, channels, columns, lower);
        lowerRow = y1;
      }
      int w0 = rows.weight0[y];
      int w1 = rows.weight1[y];
      for (int i = 0; i < stride; i++) {
        // OpenCV drops low bits twice on the way, which fits its 16-bit multiplications.
        int sum = ((w0 * (upper[i] >> 4)) >> 16) + ((w1 * (lower[i] >> 4)) >> 16);
        out[y * stride + i] = (byte) ((sum + 2) >> 2);
      }
    }
    return out;
  }

  /**
   * Resamples labels by nearest neighbour, as OpenCV's {@code INTER_NEAREST}: new position x takes
   * old position floor(x · old/new).
   *
   * @param labels [height, width]
   * @return [newHeight, newWidth]; {@code labels} itself where the size stays
   * @throws IllegalArgumentException as {@link #bilinear}
   */
  public static byte[] nearest(byte[] labels, int height, int width, int newHeight, int newWidth) {
    requireSize("label map", labels.length, height, width, 1);
    requireSize("resampled label map", -1, newHeight, newWidth, 1);
    if (newHeight == height && newWidth == width) {
      return labels;
    }
    int[] columns = nearest(width, newWidth);
    int[] rows = nearest(height, newHeight);
    byte[] out = new byte[newHeight * newWidth];
    for (int y = 0; y < newHeight; y++) {
      int from = rows[y] * width;
      for (int x = 0; x < newWidth; x++) {
        out[y * newWidth + x] = labels[from + columns[x]];
      }
    }
    return out;
  }

  /** The same of ids of segments. */
  public static int[] nearest(int[] ids, int height, int width, int newHeight, int newWidth) {
    requireSize("map of segments", ids.length, height, width, 1);
    requireSize("resampled map of segments", -1, newHeight, newWidth, 1);
    int[] columns = nearest(width, newWidth);
    int[] rows = nearest(height, newHeight);
    int[] out = new int[newHeight * newWidth];
    for (int y = 0; y < newHeight; y++) {
      int from = rows[y] * width;
      for (int x = 0; x < newWidth; x++) {
        out[y * newWidth + x] = ids[from + columns[x]];
      }
    }
    return out;
  }

  private static int[] nearest(int size, int newSize) {
    double scale = 1 / ((double) newSize / size);
    int[] index = new int[newSize];
    for (int i = 0; i < newSize; i++) {
      index[i] = Math.min((int) (i * scale), size - 1);
    }
    return index;
  }

  /** One source row resampled along x, in units of 1/2048. */
  private static void row(
      byte[] image, int start, int width, int channels, Axis columns, int[] out) {
    int at = 0;
    for (int x = 0; x < columns.index.length; x++) {
      int left = start + clamp(columns.index[x], width) * channels;
      int right = start + clamp(columns.index[x] + 1, width) * channels;
      for (int c = 0; c < channels; c++) {
        out[at++] =
            (image[left + c] & 0xff) * columns.weight0[x]
                + (image[right + c] & 0xff) * columns.weight1[x];
      }
    }
  }

  private static int clamp(int index, int size) {
    return Math.max(0, Math.min(size - 1, index));
  }

  private static void requireSize(String what, int length, int height, int width, int channels) {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          what + ": " + width + "x" + height + " pixels of " + channels + " channels");
    }
    long size = (long) height * width * channels;
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(what + ": " + size + " bytes are too many for an array");
    }
    if (length >= 0 && length != size) {
      throw new IllegalArgumentException(what + ": expected " + size + " bytes, found " + length);
    }
  }

  /** For every new position: the old one before it, and the weights of that one and the next. */
  private static final class Axis {
    final int[] index;
    final int[] weight0;
    final int[] weight1;

    Axis(int size, int newSize) {
      index = new int[newSize];
      weight0 = new int[newSize];
      weight1 = new int[newSize];
      double scale = 1 / ((double) newSize / size);
      for (int i = 0; i < newSize; i++) {
        float position = (float) ((i + 0.5) * scale - 0.5);
        index[i] = (int) Math.floor(position);
        float fraction = position - index[i];
        weight0[i] = (int) Math.rint((1 - fraction) * ONE);
        weight1[i] = (int) Math.rint(fraction * ONE);
      }
    }
  }
}
