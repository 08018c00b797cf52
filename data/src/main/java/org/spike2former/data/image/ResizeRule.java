package org.spike2former.data.image;

import java.io.IOException;
import java.util.Set;
import org.spike2former.data.ConfigNode;

/**
 * The size that an image is rescaled to before the network: as large as possible with its shorter
 * side at most {@code shortestEdge} and its longer side at most {@code maxSize} pixels. The aspect
 * ratio stays. These are the sizes of mmcv's {@code imrescale}.
 *
 * @param shortestEdge pixels, 1 to {@value #LIMIT}
 * @param maxSize pixels, {@code shortestEdge} to {@value #LIMIT}
 */
public record ResizeRule(int shortestEdge, int maxSize) {
  /** Largest side that a rule may ask for. */
  public static final int LIMIT = 65_536;

  /**
   * Checks the two sizes.
   *
   * @throws IllegalArgumentException if they are out of range
   */
  public ResizeRule {
    if (shortestEdge < 1 || shortestEdge > maxSize || maxSize > LIMIT) {
      throw new IllegalArgumentException(
          "expected 1 <= shortest edge <= max size <= "
              + LIMIT
              + ", found shortest edge "
              + shortestEdge
              + " and max size "
              + maxSize);
    }
  }

  /**
   * Reads {@code shortest_edge} and {@code max_size} under a key.
   *
   * @throws IOException "FILE: key: what is wrong"
   */
  public static ResizeRule read(ConfigNode parent, String key) throws IOException {
    ConfigNode rule = parent.object(key, Set.of("shortest_edge", "max_size"));
    int maxSize = rule.integer("max_size", 1, LIMIT);
    return new ResizeRule(rule.integer("shortest_edge", 1, maxSize), maxSize);
  }

  /** What the sides of an image are multiplied by. */
  public double factor(int height, int width) {
    return Math.min(
        (double) maxSize / Math.max(height, width),
        (double) shortestEdge / Math.min(height, width));
  }

  /** A side after rescaling, rounded half up. */
  public static int scaled(int side, double factor) {
    return (int) (side * factor + 0.5);
  }
}
