package org.spike2former.data.mask;

import java.util.Arrays;

/**
 * Polygons as masks, pixel for pixel as COCO's {@code rleFrPoly} fills them: corners are moved to a
 * grid five times as fine as the pixels, and the outline is followed on that grid. Wherever it
 * passes from a grid column to the next in the middle of a column of pixels, the mask begins or
 * ends there.
 */
public final class Polygon {
  private static final double SCALE = 5;

  /** Corners further out are refused: on the fine grid they would not fit an int. */
  private static final double FARTHEST = 1 << 24;

  private Polygon() {}

  /**
   * The mask inside a polygon, which is closed by a line from its last corner to its first.
   *
   * @param corners x and y by turns, in pixels from the image's top left corner; parts outside the
   *     image are cut off
   * @throws IllegalArgumentException if there are fewer than three corners, an odd number of
   *     coordinates, or coordinates that are not finite or far away
   */
  public static Rle mask(double[] corners, int height, int width) {
    if (corners.length % 2 != 0 || corners.length < 6) {
      throw new IllegalArgumentException(
          corners.length % 2 != 0
              ? "a polygon of " + corners.length + " coordinates, expected x and y by turns"
              : "a polygon of " + corners.length / 2 + " points, expected at least 3");
    }
    for (double coordinate : corners) {
      if (!(Math.abs(coordinate) <= FARTHEST)) {
        throw new IllegalArgumentException("a polygon has the coordinate " + coordinate);
      }
    }
    return runs(new Crossings(corners, height, width), height, width);
  }

  /**
   * The mask changes at each crossing, but where two are at one pixel and behind the last pixel.
   */
  private static Rle runs(Crossings crossings, int height, int width) {
    int[] at = Arrays.copyOf(crossings.at, crossings.count);
    Arrays.sort(at);
    int[] counts = new int[at.length + 1];
    int runs = 0;
    int last = 0;
    for (int i = 0; i < at.length; i++) {
      if (i + 1 < at.length && at[i] == at[i + 1]) {
        i++;
      } else if (at[i] < height * width) {
        counts[runs++] = at[i] - last;
        last = at[i];
      }
    }
    counts[runs++] = height * width - last;
    return new Rle(height, width, Arrays.copyOf(counts, runs));
  }

  /** Follows the outline and notes the pixels, column by column, where the mask changes. */
  private static final class Crossings {
    private final int height;
    private final int width;
    private int[] at = new int[64];
    private int count;
    private int lastU;
    private int lastV;
    private boolean begun;

    Crossings(double[] corners, int height, int width) {
      this.height = height;
      this.width = width;
      int points = corners.length / 2;
      int[] grid = new int[corners.length];
      for (int i = 0; i < grid.length; i++) {
        grid[i] = (int) (SCALE * corners[i] + 0.5);
      }
      for (int i = 0; i < points; i++) {
        int next = (i + 1) % points;
        edge(grid[2 * i], grid[2 * i + 1], grid[2 * next], grid[2 * next + 1]);
      }
    }

    /** Steps along the longer side; always in its positive direction, so that rounding is alike. */
    private void edge(int x0, int y0, int x1, int y1) {
      int dx = Math.abs(x1 - x0);
      int dy = Math.abs(y1 - y0);
      boolean flat = dx >= dy;
      boolean backwards = flat ? x0 > x1 : y0 > y1;
      int fromX = backwards ? x1 : x0;
      int fromY = backwards ? y1 : y0;
      int steps = flat ? dx : dy;
      int across = backwards ? (flat ? y0 - y1 : x0 - x1) : (flat ? y1 - y0 : x1 - x0);
      double slope = steps == 0 ? 0 : (double) across / steps;
      for (int d = 0; d <= steps; d++) {
        int t = backwards ? steps - d : d;
        if (flat) {
          point(t + fromX, (int) (fromY + slope * t + 0.5));
        } else {
          point((int) (fromX + slope * t + 0.5), t + fromY);
        }
      }
    }

    private void point(int u, int v) {
      if (begun && u != lastU) {
        cross(u < lastU ? u : u - 1, Math.min(v, lastV));
      }
      lastU = u;
      lastV = v;
      begun = true;
    }

    private void cross(int u, int v) {
      double x = (u + 0.5) / SCALE - 0.5;
      if (Math.floor(x) != x || x < 0 || x > width - 1) {
        return;
      }
      double y = (v + 0.5) / SCALE - 0.5;
      int row = (int) Math.ceil(Math.max(0, Math.min(height, y)));
      if (count == at.length) {
        at = Arrays.copyOf(at, 2 * count);
      }
      at[count++] = (int) x * height + row;
    }
  }
}
