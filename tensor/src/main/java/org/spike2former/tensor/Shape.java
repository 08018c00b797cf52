package org.spike2former.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Helpers on shapes, which are plain {@code int[]} with the slowest axis first. */
public final class Shape {
  private Shape() {}

  /**
   * Number of elements of a shape; 1 for a scalar's empty shape.
   *
   * @throws ShapeException if an extent is negative or the product exceeds an array's length
   */
  public static int size(int... shape) {
    long size = 1;
    for (int extent : shape) {
      if (extent < 0) {
        throw new ShapeException("negative extent in shape " + toString(shape));
      }
      size *= extent;
      if (size > Integer.MAX_VALUE - 8) {
        throw new ShapeException(
            "shape " + toString(shape) + " has too many elements for a tensor");
      }
    }
    return (int) size;
  }

  /** A shape as {@code [2, 3, 4]}. */
  public static String toString(int... shape) {
    return Arrays.stream(shape)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * Fails unless the two shapes are equal.
   *
   * @throws ShapeException naming {@code what} and both shapes
   */
  public static void require(String what, int[] expected, int[] found) {
    if (!Arrays.equals(expected, found)) {
      throw new ShapeException(
          what + ": expected shape " + toString(expected) + ", found " + toString(found));
    }
  }
}
