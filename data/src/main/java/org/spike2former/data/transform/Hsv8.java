package org.spike2former.data.transform;

/**
 * Hue, saturation and value of 8-bit colours as OpenCV's {@code COLOR_RGB2HSV} and {@code
 * COLOR_HSV2RGB} compute them: hue in units of two degrees, 0 to 179. Like OpenCV's vector code,
 * the way back cuts fractions off (its code for the last pixels of a row rounds).
 */
final class Hsv8 {
  /** Number of hues. */
  static final int HUES = 180;

  private static final int SHIFT = 12;
  private static final int HALF = 1 << (SHIFT - 1);
  private static final int[] SATURATION = new int[256];
  private static final int[] HUE = new int[256];

  /** Which of (value, p, q, t) red, green and blue are, for each sixth of the hues. */
  private static final int[][] SECTORS = {
    {0, 3, 1}, {2, 0, 1}, {1, 0, 3}, {1, 2, 0}, {3, 1, 0}, {0, 1, 2}
  };

  static {
    for (int i = 1; i < 256; i++) {
      SATURATION[i] = (int) Math.rint((255 << SHIFT) / (double) i);
      HUE[i] = (int) Math.rint((HUES << SHIFT) / (6.0 * i));
    }
  }

  private Hsv8() {}

  /** Bytes [n, 3], red, green and blue to hue, saturation and value. */
  static byte[] fromRgb(byte[] rgb) {
    byte[] hsv = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      int r = rgb[i] & 0xff;
      int g = rgb[i + 1] & 0xff;
      int b = rgb[i + 2] & 0xff;
      int v = Math.max(r, Math.max(g, b));
      int range = v - Math.min(r, Math.min(g, b));
      int h;
      if (v == r) {
        h = g - b;
      } else if (v == g) {
        h = b - r + 2 * range;
      } else {
        h = r - g + 4 * range;
      }
      h = (h * HUE[range] + HALF) >> SHIFT;
      hsv[i] = (byte) (h < 0 ? h + HUES : h);
      hsv[i + 1] = (byte) ((range * SATURATION[v] + HALF) >> SHIFT);
      hsv[i + 2] = (byte) v;
    }
    return hsv;
  }

  /** Bytes [n, 3], hue, saturation and value to red, green and blue. */
  static byte[] toRgb(byte[] hsv) {
    byte[] rgb = new byte[hsv.length];
    float[] levels = new float[4];
    for (int i = 0; i < hsv.length; i += 3) {
      float s = (hsv[i + 1] & 0xff) * (1f / 255);
      float v = (hsv[i + 2] & 0xff) * (1f / 255);
      float h = (hsv[i] & 0xff) * (6f / HUES);
      int sector = (int) h;
      h -= sector;
      levels[0] = v;
      levels[1] = v * (1 - s);
      levels[2] = v * (1 - s * h);
      levels[3] = v * (1 - s * (1 - h));
      int[] order = SECTORS[sector % 6];
      for (int c = 0; c < 3; c++) {
        rgb[i + c] = (byte) (int) (levels[order[c]] * 255);
      }
    }
    return rgb;
  }
}
