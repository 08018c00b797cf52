package org.spike2former.train.loss;

import java.util.List;
import org.spike2former.tensor.Tensor;

/**
 * What an objective finds. The losses of the states have their weights applied; the total and the
 * gradients are also scaled, and averaged if so configured. Without queries there is one state, and
 * nothing but its classification loss.
 *
 * @param total what is to be minimised
 * @param cls classification loss of each state
 * @param mask focal loss of each state
 * @param dice dice loss of each state
 * @param gradients of the total, shaped as the network's outputs
 * @param assigned for each state, image and target the matched query, or −1; the order of an
 *     image's targets is that of its {@link GroundTruth}
 */
public record Losses(
    double total,
    double[] cls,
    double[] mask,
    double[] dice,
    List<Tensor> gradients,
    int[][][] assigned) {
  /** Copies the list. */
  public Losses {
    gradients = List.copyOf(gradients);
  }

  /** Of pixels that are scored by themselves. */
  static Losses ofPixels(double loss, double scale, Tensor gradient) {
    double[] none = new double[0];
    return new Losses(
        scale * loss, new double[] {loss}, none, none, List.of(gradient), new int[0][][]);
  }

  /** Of the total, shaped as the class scores. */
  public Tensor classScoresGradient() {
    return gradients.get(0);
  }

  /** Of the total, shaped as the masks. */
  public Tensor masksGradient() {
    return gradients.get(1);
  }
}
