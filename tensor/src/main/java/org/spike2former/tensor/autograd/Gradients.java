package org.spike2former.tensor.autograd;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/** What one backward pass gave. No two gradients share storage. */
public final class Gradients {
  private final Map<Parameter, Tensor> ofParameters = new LinkedHashMap<>();
  private final Map<GradientSum, Tensor> ofVariables = new IdentityHashMap<>();

  Gradients() {}

  void put(Parameter parameter, Tensor gradient) {
    ofParameters.put(parameter, gradient.reshape(parameter.shape()));
  }

  void put(GradientSum variable, Tensor gradient) {
    ofVariables.put(variable, gradient);
  }

  /** The gradient in PyTorch's layout; null for a parameter that took no part. */
  public Tensor of(Parameter parameter) {
    return ofParameters.get(parameter);
  }

  /**
   * The gradient of a tensor that {@link TapeOps#variable} returned; null if it took no part.
   *
   * @throws IllegalArgumentException for any other tensor
   */
  public Tensor of(Tensor variable) {
    GradientSum sum = GradientSum.of(variable);
    if (sum == null) {
      throw new IllegalArgumentException(variable + " is not a variable");
    }
    Tensor gradient = ofVariables.get(sum);
    return gradient == null ? null : gradient.reshape(variable.shape());
  }

  /** All gradients of parameters, in the order in which the network first used them. */
  public Map<Parameter, Tensor> all() {
    return Collections.unmodifiableMap(ofParameters);
  }
}
