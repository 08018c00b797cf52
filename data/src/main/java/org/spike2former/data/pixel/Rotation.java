package org.spike2former.data.pixel;

import java.util.Arrays;

/**
 * A turn of an image about its centre, ((width − 1)/2, (height − 1)/2), in which its size stays: as
 * mmcv's {@code imrotate}, but with weights that are not rounded to 1/32 of a pixel.
 *
 * @param degrees clockwise
 */
public record Rotation(double degrees) {
  /** Takes the four old pixels around the place that a new one comes from. */
  @FunctionalInterface
  interface Blend {
    /**
     * Gives pixel {@code to} its value.
     *
     * @param from upper left, upper right, lower left, lower right; {@link Pixels#NONE} outside
     * @param weights of these
     */
    void set(int to, int[] from, double[] weights);
  }

  /** Where the new pixels of an image come from, row by row. */
  private interface Place {
    void at(int to, double row, double column);
  }

  private void places(int height, int width, Place place) {
    double cos = StrictMath.cos(Math.toRadians(degrees));
    double sin = StrictMath.sin(Math.toRadians(degrees));
    double middleRow = (height - 1) * 0.5;
    double middleColumn = (width - 1) * 0.5;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double down = y - middleRow;
        double right = x - middleColumn;
        place.at(
            y * width + x,
            middleRow - sin * right + cos * down,
            middleColumn + cos * right + sin * down);
      }
    }
  }

  /** Visits every new pixel of an image of this size. */
  void bilinear(int height, int width, Blend blend) {
    int[] from = new int[4];
    double[] weights = new double[4];
    places(
        height,
        width,
        (to, row, column) -> {
          int top = (int) Math.floor(row);
          int left = (int) Math.floor(column);
          for (int i = 0; i < 4; i++) {
            int y = top + i / 2;
            int x = left + i % 2;
            boolean inside = y >= 0 && y < height && x >= 0 && x < width;
            from[i] = inside ? y * width + x : Pixels.NONE;
            weights[i] = (1 - Math.abs(row - y)) * (1 - Math.abs(column - x));
          }
          blend.set(to, from, weights);
        });
  }

  /**
   * For each new pixel, [height, width], the place of the nearest old one, or {@link Pixels#NONE}
   * outside; of two as near the lower or the right one.
   */
  public int[] nearest(int height, int width) {
    int[] from = new int[height * width];
    Arrays.fill(from, Pixels.NONE);
    places(
        height,
        width,
        (to, row, column) -> {
          int y = (int) Math.floor(row + 0.5);
          int x = (int) Math.floor(column + 0.5);
          if (y >= 0 && y < height && x >= 0 && x < width) {
            from[to] = y * width + x;
          }
        });
    return from;
  }
}
