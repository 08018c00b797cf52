package org.spike2former.train.loss;

import java.util.Arrays;

/**
 * Linear sum assignment: pairs rows and columns of a matrix, each at most once and as many as
 * possible, so that the sum of costs is least. Shortest augmenting paths with potentials, O(n²·m).
 *
 * @see <a href="https://doi.org/10.1109/TAES.2016.140952">Crouse, On implementing 2D rectangular
 *     assignment algorithms, 2016</a>
 */
public final class HungarianMatcher {
  private final double[] cost;
  private final int rows;
  private final int columns;
  private final double[] rowPotential;
  private final double[] columnPotential;
  private final int[] columnOf;
  private final int[] rowOf;
  private final double[] distance;
  private final int[] previousRow;

  private HungarianMatcher(double[] cost, int rows, int columns) {
    this.cost = cost;
    this.rows = rows;
    this.columns = columns;
    rowPotential = new double[rows];
    columnPotential = new double[columns];
    columnOf = new int[rows];
    rowOf = new int[columns];
    distance = new double[columns];
    previousRow = new int[columns];
    Arrays.fill(columnOf, -1);
    Arrays.fill(rowOf, -1);
  }

  /**
   * The best assignment.
   *
   * @param cost [rows, columns], row-major, finite
   * @return for each row its column, or −1 for rows without one, where there are more rows than
   *     columns
   * @throws IllegalArgumentException naming the first cost that is not finite
   */
  public static int[] match(double[] cost, int rows, int columns) {
    for (int i = 0; i < rows * columns; i++) {
      if (!Double.isFinite(cost[i])) {
        throw new IllegalArgumentException(
            "the cost of row " + i / columns + ", column " + i % columns + " is " + cost[i]);
      }
    }
    if (rows <= columns) {
      return new HungarianMatcher(cost, rows, columns).solve();
    }
    double[] transposed = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed[j * rows + i] = cost[i * columns + j];
      }
    }
    int[] rowsOf = new HungarianMatcher(transposed, columns, rows).solve();
    int[] columnsOf = new int[rows];
    Arrays.fill(columnsOf, -1);
    for (int j = 0; j < columns; j++) {
      columnsOf[rowsOf[j]] = j;
    }
    return columnsOf;
  }

  private int[] solve() {
    for (int row = 0; row < rows; row++) {
      int column = shortestPath(row);
      augment(row, column);
    }
    return columnOf;
  }

  /** Dijkstra over reduced costs from a free row to the nearest free column, which is returned. */
  private int shortestPath(int start) {
    boolean[] reached = new boolean[columns];
    int[] open = new int[columns];
    for (int i = 0; i < columns; i++) {
      open[i] = columns - 1 - i;
    }
    int left = columns;
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    double nearest = 0;
    int row = start;
    while (true) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < left; i++) {
        int column = open[i];
        double through =
            nearest + cost[row * columns + column] - rowPotential[row] - columnPotential[column];
        if (through < distance[column]) {
          distance[column] = through;
          previousRow[column] = row;
        }
        boolean freeTie = distance[column] == least && rowOf[column] < 0;
        if (distance[column] < least || freeTie) {
          least = distance[column];
          best = i;
        }
      }
      nearest = least;
      int column = open[best];
      open[best] = open[--left];
      if (rowOf[column] < 0) {
        updatePotentials(start, nearest, reached);
        return column;
      }
      reached[column] = true;
      row = rowOf[column];
    }
  }

  private void updatePotentials(int start, double nearest, boolean[] reached) {
    rowPotential[start] += nearest;
    for (int column = 0; column < columns; column++) {
      if (reached[column]) {
        double slack = nearest - distance[column];
        rowPotential[rowOf[column]] += slack;
        columnPotential[column] -= slack;
      }
    }
  }

  private void augment(int start, int end) {
    int column = end;
    int row;
    do {
      row = previousRow[column];
      rowOf[column] = row;
      int next = columnOf[row];
      columnOf[row] = column;
      column = next;
    } while (row != start);
  }
}
