package org.spike2former.tensor.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/** Random things to differentiate, and central differences to compare with, in float64. */
final class Checks {
  private static final double STEP = 1e-5;
  private final Random random = new Random(11);

  /** A function of inputs, to be computed by the operations given. */
  interface Function extends BiFunction<TapeOps, List<Tensor>, Tensor> {}

  Tensor real(int... shape) {
    double[] x = new double[Shape.size(shape)];
    Arrays.setAll(x, _ -> random.nextGaussian());
    return Tensor.of(x, shape);
  }

  Tensor spikes(int max, double scale, int... shape) {
    byte[] k = new byte[Shape.size(shape)];
    for (int i = 0; i < k.length; i++) {
      k[i] = (byte) random.nextInt(max + 1);
    }
    return Tensor.spikes(k, scale, shape);
  }

  Parameter parameter(String name, int... shape) {
    Parameter parameter = new Parameter(name, true, shape);
    parameter.set(real(shape));
    return parameter;
  }

  BatchNorm norm(String name, int channels) {
    Parameter mean = new Parameter(name + ".running_mean", false, channels);
    Parameter variance = new Parameter(name + ".running_var", false, channels);
    mean.set(real(channels));
    double[] positive = new double[channels];
    Arrays.setAll(positive, _ -> 0.5 + random.nextDouble());
    variance.set(Tensor.of(positive, channels));
    Parameter count = new Parameter(name + ".num_batches_tracked", false);
    return new BatchNorm(
        parameter(name + ".weight", channels),
        parameter(name + ".bias", channels),
        mean,
        variance,
        count);
  }

  WeightLayer layer(Kind kind, int cin, int cout, int kernel, int stride, int pad, BatchNorm... n) {
    int[] shape = {cout, kind == Kind.DENSE ? cin : 1, kernel, kernel};
    return new WeightLayer(
        "layer",
        kind,
        parameter("layer.weight", shape),
        parameter("layer.bias", cout),
        List.of(n),
        stride,
        pad);
  }

  static List<Parameter> parameters(WeightLayer layer) {
    List<Parameter> all = new ArrayList<>(List.of(layer.weight(), layer.bias()));
    for (BatchNorm norm : layer.norms()) {
      all.add(norm.weight());
      all.add(norm.bias());
    }
    return all;
  }

  /**
   * Compares every element's gradient with a difference: of real inputs and parameters a central
   * one, of spikes that of one spike more, which is exact where the function is linear in each.
   */
  void differences(TapeOps ops, Function f, List<Tensor> inputs, List<Parameter> parameters) {
    ops.beginRun(false);
    List<Tensor> variables = inputs.stream().map(ops::variable).toList();
    Tensor output = f.apply(ops, variables);
    Tensor upstream = real(output.shape());
    Gradients gradients = ops.backward(List.of(output), List.of(upstream));
    for (int i = 0; i < inputs.size(); i++) {
      Tensor x = inputs.get(i);
      Tensor gradient = gradients.of(variables.get(i));
      assertThat(gradient.shape()).isEqualTo(x.shape());
      compare("input " + i, gradient, x, () -> value(ops, f, inputs, upstream));
    }
    for (Parameter parameter : parameters) {
      Tensor gradient = gradients.of(parameter);
      assertThat(gradient.shape()).isEqualTo(parameter.shape());
      compare(parameter.name(), gradient, parameter.value(), () -> value(ops, f, inputs, upstream));
    }
  }

  private interface Value {
    double get();
  }

  private static double value(TapeOps ops, Function f, List<Tensor> inputs, Tensor upstream) {
    ops.beginRun(false);
    Tensor y = f.apply(ops, inputs);
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += y.get(i) * upstream.get(i);
    }
    return sum;
  }

  private static void compare(String what, Tensor gradient, Tensor x, Value f) {
    double largest = 0;
    double[] expected = new double[x.size()];
    for (int i = 0; i < x.size(); i++) {
      expected[i] = x.dtype() == DType.SPIKES ? oneMore(x, i, f) : central(x.doubles(), i, f);
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    for (int i = 0; i < x.size(); i++) {
      double error = Math.abs(gradient.get(i) - expected[i]);
      assertThat(error).as("%s, element %d", what, i).isLessThanOrEqualTo(1e-7 * (1 + largest));
    }
  }

  private static double central(double[] x, int i, Value f) {
    double old = x[i];
    x[i] = old + STEP;
    double above = f.get();
    x[i] = old - STEP;
    double below = f.get();
    x[i] = old;
    return (above - below) / (2 * STEP);
  }

  private static double oneMore(Tensor x, int i, Value f) {
    double before = f.get();
    x.bytes()[i]++;
    double after = f.get();
    x.bytes()[i]--;
    return (after - before) / x.scale();
  }
}
