package org.spike2former.verify.compare;

import java.util.List;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/**
 * How far a computed tensor of real numbers is from the expected one.
 *
 * @param maxAbs greatest absolute error; NaN if any number of either is not finite
 * @param maxRel the same divided by the expected tensor's largest magnitude; 0 where all errors are
 *     0, infinite where only the magnitude is
 * @param worst row-major index of the greatest error, or of the first number that is not finite; −1
 *     if there is no error
 */
public record Difference(double maxAbs, double maxRel, int worst) {
  /**
   * Compares element by element, in double.
   *
   * @throws ShapeException naming {@code what} if the shapes differ
   */
  public static Difference of(String what, Tensor expected, Tensor computed) {
    Shape.require(what, expected.shape(), computed.shape());
    double maxAbs = 0;
    double magnitude = 0;
    int worst = -1;
    for (int i = 0; i < expected.size(); i++) {
      double wanted = expected.get(i);
      double error = Math.abs(computed.get(i) - wanted);
      if (!Double.isFinite(error) || !Double.isFinite(wanted)) {
        return new Difference(Double.NaN, Double.NaN, i);
      }
      magnitude = Math.max(magnitude, Math.abs(wanted));
      if (error > maxAbs) {
        maxAbs = error;
        worst = i;
      }
    }
    return new Difference(maxAbs, maxAbs == 0 ? 0 : maxAbs / magnitude, worst);
  }

  /** The largest magnitude. */
  public static double largest(Tensor x) {
    double largest = 0;
    for (int i = 0; i < x.size(); i++) {
      largest = Math.max(largest, Math.abs(x.get(i)));
    }
    return largest;
  }

  /** Row-major index of the first number that is NaN or infinite; −1 if there is none. */
  public static int firstNotFinite(Tensor x) {
    for (int i = 0; i < x.size(); i++) {
      if (!Double.isFinite(x.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Whether everything is finite and the relative error within the tolerance. */
  boolean within(double tolerance) {
    return maxRel <= tolerance;
  }

  /** Coordinates of a row-major index; empty for index −1. */
  public static int[] coordinates(int index, int... shape) {
    if (index < 0) {
      return new int[0];
    }
    int[] at = new int[shape.length];
    int rest = index;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return at;
  }

  /** Row-major index of coordinates. */
  public static int index(List<Integer> at, int... shape) {
    int index = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      index = index * shape[axis] + at.get(axis);
    }
    return index;
  }
}
