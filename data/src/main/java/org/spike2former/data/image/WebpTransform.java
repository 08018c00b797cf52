package org.spike2former.data.image;

/**
 * How the pixels of a lossless WebP were changed before they were coded, and the way back. Pixels
 * are 0xAARRGGBB.
 *
 * @param kind 0 predictor, 1 colours, 2 subtracted green, 3 palette
 * @param width of the pixels that it makes
 * @param height of the pixels that it makes
 * @param bits a side of its blocks is 2^bits; for a palette, 2^bits pixels lie in one
 * @param data a pixel for each block, or the palette; null for green
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9649#section-3.5">the format</a>
 */
record WebpTransform(int kind, int width, int height, int bits, int[] data) {
  static final int PREDICTOR = 0;
  static final int COLORS = 1;
  static final int GREEN = 2;
  static final int PALETTE = 3;

  private static final int BLACK = 0xff000000;

  /** The pixels before the transform; mostly the same array. */
  int[] undo(int[] pixels) {
    switch (kind) {
      case PREDICTOR -> undoPrediction(pixels);
      case COLORS -> undoColors(pixels);
      case GREEN -> undoGreen(pixels);
      default -> {
        return undoPalette(pixels);
      }
    }
    return pixels;
  }

  private int block(int x, int y) {
    int across = width + (1 << bits) - 1 >> bits;
    return data[(y >> bits) * across + (x >> bits)];
  }

  private void undoPrediction(int[] p) {
    p[0] = add(p[0], BLACK);
    for (int x = 1; x < width; x++) {
      p[x] = add(p[x], p[x - 1]);
    }
    for (int y = 1; y < height; y++) {
      int row = y * width;
      p[row] = add(p[row], p[row - width]);
      for (int x = 1; x < width; x++) {
        int at = row + x;
        p[at] = add(p[at], predict(block(x, y) >> 8 & 0xf, p, at));
      }
    }
  }

  /** Of left and above, right above (past the end of the row, the first of this one). */
  private int predict(int mode, int[] p, int at) {
    int left = p[at - 1];
    int above = p[at - width];
    int before = p[at - width - 1];
    int after = p[at - width + 1];
    return switch (mode) {
      case 1 -> left;
      case 2 -> above;
      case 3 -> after;
      case 4 -> before;
      case 5 -> average(average(left, after), above);
      case 6 -> average(left, before);
      case 7 -> average(left, above);
      case 8 -> average(before, above);
      case 9 -> average(above, after);
      case 10 -> average(average(left, before), average(above, after));
      case 11 -> distance(above, before) < distance(left, before) ? left : above;
      case 12 -> gradient(left, above, before);
      case 13 -> halfGradient(average(left, above), before);
      default -> BLACK;
    };
  }

  private static int add(int a, int b) {
    int odd = (a & 0xff00ff00) + (b & 0xff00ff00);
    int even = (a & 0x00ff00ff) + (b & 0x00ff00ff);
    return odd & 0xff00ff00 | even & 0x00ff00ff;
  }

  private static int average(int a, int b) {
    return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
  }

  private static int distance(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      sum += Math.abs((a >>> shift & 0xff) - (b >>> shift & 0xff));
    }
    return sum;
  }

  private static int gradient(int left, int above, int before) {
    int result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = (left >>> shift & 0xff) + (above >>> shift & 0xff) - (before >>> shift & 0xff);
      result |= clamp(value) << shift;
    }
    return result;
  }

  private static int halfGradient(int mean, int before) {
    int result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = mean >>> shift & 0xff;
      result |= clamp(value + (value - (before >>> shift & 0xff)) / 2) << shift;
    }
    return result;
  }

  private static int clamp(int x) {
    return Math.max(0, Math.min(255, x));
  }

  private void undoColors(int[] p) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int factors = block(x, y);
        int pixel = p[at];
        int green = (byte) (pixel >> 8);
        int red = (pixel >> 16) + share(factors, green) & 0xff;
        int blue = pixel + share(factors >> 8, green) + share(factors >> 16, (byte) red) & 0xff;
        p[at] = pixel & 0xff00ff00 | red << 16 | blue;
      }
    }
  }

  private static int share(int factor, int level) {
    return (byte) factor * level >> 5;
  }

  private static void undoGreen(int[] p) {
    for (int i = 0; i < p.length; i++) {
      int green = p[i] >> 8 & 0xff;
      p[i] = p[i] & 0xff00ff00 | (p[i] & 0x00ff00ff) + (green << 16 | green) & 0x00ff00ff;
    }
  }

  /** Indices lie in green, several of them in a pixel where the palette is small. */
  private int[] undoPalette(int[] packed) {
    int[] p = new int[width * height];
    int across = width + (1 << bits) - 1 >> bits;
    int each = 8 >> bits;
    int mask = (1 << each) - 1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int green = packed[y * across + (x >> bits)] >> 8 & 0xff;
        int index = green >> each * (x & (1 << bits) - 1) & mask;
        p[y * width + x] = index < data.length ? data[index] : 0;
      }
    }
    return p;
  }

  /** The palette of the differences that are stored. */
  static int[] palette(int[] differences) {
    int[] colors = differences.clone();
    for (int i = 1; i < colors.length; i++) {
      colors[i] = add(colors[i], colors[i - 1]);
    }
    return colors;
  }
}
