package org.spike2former.train.optimiser;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * Clipping by the 2-norm of all gradients together, as PyTorch's {@code clip_grad_norm_}: gradients
 * are to be multiplied by {@code min(1, most/(norm + 1e-6))}.
 *
 * @param most greatest norm; infinity for no clipping
 */
public record GradientClip(double most) {
  /** Elements of one partial sum; fixed, so that the norm has the same bits on any threads. */
  private static final int CHUNK = 1 << 12;

  /**
   * Checks the bound.
   *
   * @throws IllegalArgumentException unless it is above 0
   */
  public GradientClip {
    if (!(most > 0)) {
      throw new IllegalArgumentException("gradient clip: expected a norm above 0, found " + most);
    }
  }

  private record Piece(Tensor gradient, int from, int to) {
    double sum() {
      double sum = 0;
      if (gradient.dtype() == DType.F32) {
        float[] x = gradient.floats();
        for (int i = from; i < to; i++) {
          sum += (double) x[i] * x[i];
        }
      } else {
        double[] x = gradient.doubles();
        for (int i = from; i < to; i++) {
          sum += x[i] * x[i];
        }
      }
      return sum;
    }
  }

  /** The 2-norm of all gradients, summed in double in the list's order. */
  public static double norm(List<Tensor> gradients, Workers workers) {
    List<Piece> pieces = new ArrayList<>();
    for (Tensor gradient : gradients) {
      for (int from = 0; from < gradient.size(); from += CHUNK) {
        pieces.add(new Piece(gradient, from, Math.min(gradient.size(), from + CHUNK)));
      }
    }
    double[] sums = new double[pieces.size()];
    workers.run(
        sums.length,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            sums[i] = pieces.get(i).sum();
          }
        });
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return Math.sqrt(total);
  }

  /** What gradients of that norm are to be multiplied by. */
  public double factor(double norm) {
    return Math.min(1, most / (norm + 1e-6));
  }
}
