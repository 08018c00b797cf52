package org.spike2former.tensor.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;

/** The operations of one run in their order, each with what its backward needs. */
final class Tape {
  /** Hands an operation's gradient on to its inputs. */
  interface Backward {
    void run(Flow gradient);
  }

  private record Node(GradientSum output, Backward backward) {}

  private final Ops forward;
  private final Derivatives derivatives;
  private final Predicate<Parameter> wanted;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Parameter, GradientSum> parameters = new LinkedHashMap<>();
  private final List<GradientSum> variables = new ArrayList<>();

  Tape(Ops forward, Derivatives derivatives, Predicate<Parameter> wanted) {
    this.forward = forward;
    this.derivatives = derivatives;
    this.wanted = wanted;
  }

  Derivatives derivatives() {
    return derivatives;
  }

  /** The parameter's sum; null if there is no parameter or its gradient is not wanted. */
  GradientSum gradientSum(Parameter parameter) {
    if (parameter == null || !wanted.test(parameter)) {
      return null;
    }
    return parameters.computeIfAbsent(parameter, _ -> new GradientSum(this));
  }

  /** A leaf whose gradient is wanted. */
  Tensor variable(Tensor x) {
    GradientSum sum = new GradientSum(this);
    variables.add(sum);
    return new Variable(x, sum);
  }

  /**
   * Records an operation.
   *
   * @param result what it computed
   * @param inputs sums of its inputs, null for those that need no gradient; where all are, nothing
   *     is recorded
   */
  Tensor record(Tensor result, Backward backward, GradientSum... inputs) {
    if (Arrays.stream(inputs).allMatch(Objects::isNull)) {
      return result;
    }
    GradientSum output = new GradientSum(this);
    nodes.add(new Node(output, backward));
    return new Variable(result, output);
  }

  /** The same spikes standing for other numbers. */
  Tensor rescaled(Variable x, Tensor result) {
    GradientSum sum = x.gradientSum();
    double ratio = result.scale() / x.scale();
    return record(result, g -> sum.give(forward.multiply(g.tensor(), ratio)), sum);
  }

  /** Forgets everything. */
  void clear() {
    nodes.clear();
    parameters.clear();
    variables.clear();
  }

  /** See {@link TapeOps#backward}. */
  Gradients backward(List<Tensor> outputs, List<Tensor> gradients) {
    try {
      for (int i = 0; i < outputs.size(); i++) {
        start(outputs.get(i), gradients.get(i));
      }
      while (!nodes.isEmpty()) {
        Node node = nodes.remove(nodes.size() - 1);
        Flow gradient = node.output().take();
        if (gradient != null) {
          node.backward().run(gradient);
          gradient.release();
          drop(gradient);
        }
      }
      return collect();
    } finally {
      clear();
    }
  }

  /** {@code a + b}. */
  Tensor sum(Tensor a, Tensor b) {
    return forward.add(a, b.reshape(a.shape()));
  }

  /** Gives a gradient's storage back if it is not held. */
  void drop(Flow gradient) {
    if (gradient.isDone()) {
      derivatives.release(gradient.tensor());
    }
  }

  private void start(Tensor output, Tensor gradient) {
    Shape.require("gradient of an output", output.shape(), gradient.shape());
    GradientSum sum = GradientSum.of(output);
    if (sum != null) {
      Flow given = new Flow(gradient);
      given.hold(); // the caller keeps it
      sum.give(given);
    }
  }

  private Gradients collect() {
    Gradients gradients = new Gradients();
    parameters.forEach(
        (parameter, sum) -> {
          Flow flow = sum.take();
          if (flow != null) {
            gradients.put(parameter, own(flow));
          }
        });
    for (GradientSum sum : variables) {
      Flow flow = sum.take();
      if (flow != null) {
        gradients.put(sum, own(flow));
      }
    }
    return gradients;
  }

  /** A gradient in storage of its own. */
  private Tensor own(Flow flow) {
    if (flow.isExclusive()) {
      derivatives.keep(flow.tensor());
      return flow.tensor();
    }
    flow.release();
    return flow.tensor().copy();
  }
}
