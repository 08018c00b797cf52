package org.spike2former.model.report;

import java.util.Optional;

/**
 * The grid of places that a layer's tokens come from, row by row.
 *
 * @param height rows
 * @param width columns
 */
public record TokenGrid(int height, int width) {
  /** Maps are 2 to so many times smaller than the network's input. */
  private static final int COARSEST = 16;

  /**
   * The grid, 1/2 to 1/{@value #COARSEST} of the image, that has so many places; empty for tokens
   * of queries, which lie on none.
   *
   * @param queries how many the network has
   * @param height of the network's input
   * @param width of the network's input
   */
  public static Optional<TokenGrid> of(int tokens, int queries, int height, int width) {
    for (int step = 2; step <= COARSEST && tokens != queries; step *= 2) {
      TokenGrid grid = new TokenGrid(Math.ceilDiv(height, step), Math.ceilDiv(width, step));
      if (grid.height * grid.width == tokens) {
        return Optional.of(grid);
      }
    }
    return Optional.empty();
  }
}
