package org.spike2former.data.picture;

/**
 * For every region of a map the point that is farthest from its border, where a name has most room.
 * Distances are in steps to one of eight neighbours.
 */
final class InnerPoints {
  private final int[] regions;
  private final int height;
  private final int width;
  private final int[] distance;
  private final int[] place;
  private final int[] radius;

  /**
   * Finds the points.
   *
   * @param regions [height, width] numbers of regions; negative ones are none
   * @param count how many regions there may be
   */
  InnerPoints(int[] regions, int width, int count) {
    this.regions = regions;
    this.width = width;
    height = regions.length / width;
    distance = new int[regions.length];
    place = new int[count];
    radius = new int[count];
    for (int at = 0; at < regions.length; at++) {
      distance[at] = 1 + nearest(at, -1);
    }
    for (int at = regions.length - 1; at >= 0; at--) {
      distance[at] = Math.min(distance[at], 1 + nearest(at, 1));
      int region = regions[at];
      if (region >= 0 && distance[at] > radius[region]) {
        radius[region] = distance[at];
        place[region] = at;
      }
    }
  }

  /**
   * The least distance among the neighbours that come before (−1) or after (1) a pixel; 0 for those
   * of other regions and beyond the map.
   */
  private int nearest(int at, int side) {
    int y = at / width;
    int x = at % width;
    int least = distance(at, y, x + side);
    for (int step = -1; step <= 1; step++) {
      least = Math.min(least, distance(at, y + side, x + step));
    }
    return least;
  }

  private int distance(int of, int y, int x) {
    boolean inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside && regions[y * width + x] == regions[of] ? distance[y * width + x] : 0;
  }

  /** Column of a region's point. */
  int x(int region) {
    return place[region] % width;
  }

  /** Row of a region's point. */
  int y(int region) {
    return place[region] / width;
  }

  /** How far it is from the region's border; 0 for a region without pixels. */
  int radius(int region) {
    return radius[region];
  }
}
