package org.spike2former.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HungarianMatcherTest {
  @Property(tries = 300)
  void noAssignmentIsCheaper(
      @ForAll @IntRange(min = 0, max = 6) int rows,
      @ForAll @IntRange(min = 0, max = 6) int columns,
      @ForAll @IntRange(min = 1, max = 50) int range,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] cost = random.ints(rows * columns, -range, range + 1).asDoubleStream().toArray();

    int[] columnOf = HungarianMatcher.match(cost, rows, columns);

    int[] used = Arrays.stream(columnOf).filter(column -> column >= 0).toArray();
    assertThat(used).doesNotHaveDuplicates().hasSize(Math.min(rows, columns));
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += columnOf[row] < 0 ? 0 : cost[row * columns + columnOf[row]];
    }
    assertThat(sum).isEqualTo(least(cost, rows, columns, 0, 0));
  }

  /** Least cost of the rows from this one on, by trying every way. */
  private static double least(double[] cost, int rows, int columns, int row, int taken) {
    if (row == rows) {
      return Integer.bitCount(taken) == Math.min(rows, columns) ? 0 : Double.POSITIVE_INFINITY;
    }
    boolean mayStayFree = rows > columns;
    double best =
        mayStayFree ? least(cost, rows, columns, row + 1, taken) : Double.POSITIVE_INFINITY;
    for (int column = 0; column < columns; column++) {
      if ((taken & 1 << column) == 0) {
        double rest = least(cost, rows, columns, row + 1, taken | 1 << column);
        best = Math.min(best, cost[row * columns + column] + rest);
      }
    }
    return best;
  }

  /** Numbers from SciPy's linear_sum_assignment. */
  @Test
  void equalsScipy() {
    double[] tall = {
      81, 8, 17, 23, 18, 80, 86, 58, 3, 9, 33, 43, 62, 47, 26, 15, 69, 73, 3, 11, 45, 39, 88, 51
    };
    assertThat(HungarianMatcher.match(tall, 6, 4)).containsExactly(1, -1, 0, 3, 2, -1);
    double[] wide = {42, 43, 66, 58, 17, 73, 75, 95, 78, 28, 31, 64, 65, 69, 86};
    assertThat(HungarianMatcher.match(wide, 3, 5)).containsExactly(1, 4, 0);
  }

  /** Of several best assignments, the one that SciPy finds. */
  @Test
  void equalsScipyInTies() {
    assertThat(HungarianMatcher.match(new double[24], 4, 6)).containsExactly(0, 1, 2, 3);
    double[] tall = {0, 2, 0, 0, 2, 2, 0, 0, 0, 0, 2, 1, 1, 0, 1, 0, 2, 1, 0, 0};
    assertThat(HungarianMatcher.match(tall, 5, 4)).containsExactly(0, 2, 1, 3, -1);
    double[] square = {
      1, 1, 0, 0, 0, 1, 1,
      1, 1, 1, 0, 1, 1, 0,
      0, 0, 1, 0, 1, 1, 0,
      0, 1, 1, 1, 0, 1, 0,
      1, 1, 0, 1, 1, 0, 1,
      0, 0, 1, 1, 1, 0, 1,
      0, 0, 0, 0, 1, 1, 0
    };
    assertThat(HungarianMatcher.match(square, 7, 7)).containsExactly(2, 3, 0, 4, 5, 1, 6);
  }

  @Test
  void refusesCostsThatAreNotFinite() {
    assertThatThrownBy(() -> HungarianMatcher.match(new double[] {0, 1, 2, Double.NaN}, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the cost of row 1, column 1 is NaN");
  }
}
