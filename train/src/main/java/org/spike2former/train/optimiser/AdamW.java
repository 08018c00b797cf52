package org.spike2former.train.optimiser;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * Adam with decoupled weight decay, in the order of PyTorch's {@code torch.optim.AdamW}: decay,
 * mean, mean of squares, then {@code w −= lr/(1 − β₁ⁿ)·m/(√v/√(1 − β₂ⁿ) + ε)}. Weights are changed
 * in place and keep their real type, which is that of their gradients.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled weight decay
 *     regularization</a>
 */
public final class AdamW {
  private static final String MEAN = "exp_avg.";
  private static final String SQUARES = "exp_avg_sq.";

  /** Elements of one piece of work. */
  private static final int CHUNK = 1 << 14;

  private final AdamWConfig config;
  private final Workers workers;
  private final List<Moments> moments = new ArrayList<>();
  private long step;

  /** A parameter and its moments. */
  private static final class Moments {
    private final Parameter parameter;
    private final double lrFactor;
    private final double decayFactor;
    private Tensor mean;
    private Tensor squares;

    Moments(Parameter parameter, AdamWConfig config) {
      if (!parameter.isChangeable()) {
        throw new IllegalStateException(
            "parameter " + parameter.name() + " was loaded for inference alone");
      }
      this.parameter = parameter;
      lrFactor = config.group(parameter.name()).lrFactor();
      decayFactor = config.decayFactor(parameter);
      mean = Tensor.zeros(parameter.value().dtype(), parameter.shape());
      squares = Tensor.zeros(parameter.value().dtype(), parameter.shape());
    }
  }

  /** Elements from…to of a parameter's moments, and the gradient for them. */
  private record Piece(Moments moments, Tensor gradient, int from, int to) {}

  /**
   * An optimiser for all trainable parameters, which must have real values by now.
   *
   * @throws IllegalStateException if they are not {@linkplain Parameter#isChangeable changeable}
   */
  public AdamW(ParameterSet parameters, AdamWConfig config, Workers workers) {
    this.config = config;
    this.workers = workers;
    for (Parameter parameter : parameters.all()) {
      if (parameter.trainable()) {
        moments.add(new Moments(parameter, config));
      }
    }
  }

  /** The settings. */
  public AdamWConfig config() {
    return config;
  }

  /** Steps done. */
  public long step() {
    return step;
  }

  /**
   * Changes the weights.
   *
   * @param gradients of each trainable parameter, in its shape and type; null leaves it as it is
   * @param gradientFactor what gradients are multiplied by first, see {@link GradientClip}
   * @param learningRateFactor of the base rate, see {@link Schedule}
   */
  public void step(
      Function<Parameter, Tensor> gradients, double gradientFactor, double learningRateFactor) {
    step++;
    List<Piece> pieces = new ArrayList<>();
    for (Moments moments : moments) {
      Tensor gradient = gradients.apply(moments.parameter);
      if (gradient != null) {
        Shape.require(
            "gradient of " + moments.parameter.name(), moments.parameter.shape(), gradient.shape());
        for (int from = 0; from < gradient.size(); from += CHUNK) {
          pieces.add(new Piece(moments, gradient, from, Math.min(gradient.size(), from + CHUNK)));
        }
      }
    }
    workers.run(
        pieces.size(),
        1,
        (from, to) -> {
          for (Piece piece : pieces.subList(from, to)) {
            update(piece, gradientFactor, learningRateFactor);
          }
        });
  }

  private void update(Piece piece, double gradientFactor, double learningRateFactor) {
    Moments moments = piece.moments();
    double rate = config.lr() * learningRateFactor * moments.lrFactor;
    double decay = config.weightDecay() * moments.decayFactor;
    double beta1 = config.betas().get(0);
    double beta2 = config.betas().get(1);
    AdamWUpdate update =
        new AdamWUpdate(
            gradientFactor,
            1 - rate * decay,
            beta1,
            beta2,
            rate / (1 - StrictMath.pow(beta1, step)),
            Math.sqrt(1 - StrictMath.pow(beta2, step)),
            config.eps());
    Tensor weight = moments.parameter.value();
    if (weight.dtype() == DType.F32) {
      update.apply(
          weight.floats(),
          piece.gradient().floats(),
          moments.mean.floats(),
          moments.squares.floats(),
          piece.from(),
          piece.to());
    } else {
      update.apply(
          weight.doubles(),
          piece.gradient().doubles(),
          moments.mean.doubles(),
          moments.squares.doubles(),
          piece.from(),
          piece.to());
    }
  }

  /** The moments by name, {@code exp_avg.NAME} and {@code exp_avg_sq.NAME}; not copies. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Moments moments : moments) {
      state.put(MEAN + moments.parameter.name(), moments.mean);
      state.put(SQUARES + moments.parameter.name(), moments.squares);
    }
    return state;
  }

  /**
   * Goes on from a {@link #state()}, which is copied, after that many steps.
   *
   * @throws IllegalArgumentException naming a tensor that is missing or of another shape
   */
  public void restore(Map<String, Tensor> state, long steps) {
    for (Moments moments : moments) {
      moments.mean = restored(state, MEAN + moments.parameter.name(), moments.parameter);
      moments.squares = restored(state, SQUARES + moments.parameter.name(), moments.parameter);
    }
    step = steps;
  }

  private static Tensor restored(Map<String, Tensor> state, String name, Parameter parameter) {
    Tensor found = state.get(name);
    if (found == null) {
      throw new IllegalArgumentException("the optimiser's state has no tensor " + name);
    }
    Shape.require(name, parameter.shape(), found.shape());
    return found.to(parameter.value().dtype()).copy();
  }
}
