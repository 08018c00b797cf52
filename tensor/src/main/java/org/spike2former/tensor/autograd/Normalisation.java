package org.spike2former.tensor.autograd;

import java.util.function.Supplier;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Derivatives.Firing;
import org.spike2former.tensor.Derivatives.Moments;
import org.spike2former.tensor.Derivatives.NormGradient;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;

/**
 * A BatchNorm on one input, and what follows it in the same pass. What it records holds on to its
 * input only by {@code again}.
 */
final class Normalisation {
  private final Tape tape;
  private final Derivatives derivatives;
  private final BatchNorm norm;
  private final Moments moments;
  private final boolean ofBatch;
  private final GradientSum input;
  private final GradientSum weight;
  private final GradientSum bias;
  private final Supplier<Tensor> again;
  private final boolean lastReader;

  /**
   * A norm that is about to be applied.
   *
   * @param moments what it normalises with
   * @param ofBatch whether the moments are those of the input, which then passes gradients on
   *     through them
   * @param input the input's sum
   * @param again gives the input to backward
   * @param lastReader whether that has no reader after the backward pass
   */
  Normalisation(
      Tape tape,
      BatchNorm norm,
      Moments moments,
      boolean ofBatch,
      GradientSum input,
      Supplier<Tensor> again,
      boolean lastReader) {
    this.tape = tape;
    this.derivatives = tape.derivatives();
    this.norm = norm;
    this.moments = moments;
    this.ofBatch = ofBatch;
    this.input = input;
    this.weight = tape.gradientSum(norm.weight());
    this.bias = tape.gradientSum(norm.bias());
    this.again = again;
    this.lastReader = lastReader;
  }

  Tensor apply(Tensor x) {
    return tape.record(
        derivatives.normalise(x, moments, norm), g -> backward(g, null), input, weight, bias);
  }

  /** With a neuron after the norm. */
  Tensor apply(Tensor x, Firing firing) {
    return tape.record(
        derivatives.normalise(x, moments, norm, firing),
        g -> backward(g, firing),
        input,
        weight,
        bias);
  }

  /** At the end of a residual branch. */
  Tensor applyAndAdd(Tensor residual, Tensor x) {
    GradientSum rest = GradientSum.of(residual);
    return tape.record(
        derivatives.addNormalised(residual, x, moments, norm),
        g -> {
          if (rest != null) {
            rest.give(g);
          }
          backward(g, null);
        },
        input,
        weight,
        bias,
        rest);
  }

  private void backward(Flow g, Firing firing) {
    if (input == null && weight == null && bias == null) {
      return;
    }
    Tensor x = again.get();
    NormGradient gradient =
        derivatives.normalise(
            g.tensor(),
            x,
            moments,
            norm,
            firing,
            ofBatch,
            input != null,
            input != null && g.giveUp());
    if (lastReader) {
      derivatives.release(x);
    }
    if (weight != null) {
      weight.give(gradient.weight());
    }
    if (bias != null) {
      bias.give(gradient.bias());
    }
    if (input != null) {
      input.give(gradient.input());
    }
  }
}
