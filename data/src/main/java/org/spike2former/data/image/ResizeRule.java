package org.spike2former.data.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * The size that an image is rescaled to before the network: as large as possible with its shorter
 * side at most {@code shortestEdge} and its longer side at most {@code maxSize} pixels. The aspect
 * ratio stays. These are the sizes of mmcv's {@code imrescale}.
 */
public record ResizeRule(
    @JsonPropertyDescription("most pixels of the shorter side")
        @JsonProperty(required = true)
        @Range(min = 1, max = ResizeRule.LIMIT)
        int shortestEdge,
    @JsonPropertyDescription("most pixels of the longer side")
        @JsonProperty(required = true)
        @Range(min = 1, max = ResizeRule.LIMIT)
        int maxSize) {
  /** Largest side that a rule may ask for. */
  public static final int LIMIT = 65_536;

  /**
   * Checks the two sizes.
   *
   * @throws IllegalArgumentException if they are out of range
   */
  public ResizeRule {
    Ranges.check(ResizeRule.class, shortestEdge, maxSize);
    if (shortestEdge > maxSize) {
      throw BadValueException.of("shortest_edge", "an integer from 1 to " + maxSize, shortestEdge);
    }
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
