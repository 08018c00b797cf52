package org.spike2former.tests;

import java.util.Arrays;
import java.util.List;
import org.spike2former.accel.Plan;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/**
 * A call of an operation of {@link Ops} on zeros, and what comes of it.
 *
 * @param operation the method's name
 * @param expected the result's shape, or words of the refusal
 */
record OperationCall(String operation, String expected, Plan.Function call, List<Input> inputs) {
  /** A tensor of an operation that computes in a real type. */
  interface Input {
    Tensor of(DType real);
  }

  /** Greatest spike of the neurons here. */
  static final int D = 4;

  static final Plan.Function FIRE = (ops, in) -> ops.fire(in.get(0), 1, 1);
  static final Plan.Function NORM = (ops, in) -> ops.batchNorm(in.get(0), norm(3));
  static final Plan.Function ADD = (ops, in) -> ops.add(in.get(0), in.get(1));
  static final Plan.Function SUBTRACT = (ops, in) -> ops.subtract(in.get(0), in.get(1));
  static final Plan.Function MULTIPLY = (ops, in) -> ops.multiply(in.get(0), 2);
  static final Plan.Function TABLE = (ops, in) -> ops.addTable(in.get(0), in.get(1));
  static final Plan.Function SCALED = (ops, in) -> ops.addScaled(in.get(0), in.get(1), in.get(2));
  static final Plan.Function PAD = (ops, in) -> ops.padWithShift(in.get(0), norm(3));
  static final Plan.Function TRANSPOSE = (ops, in) -> ops.transpose(in.get(0));
  static final Plan.Function SIGMOID = (ops, in) -> ops.sigmoid(in.get(0));
  static final Plan.Function SOFTMAX = (ops, in) -> ops.softmax(in.get(0));
  static final Plan.Function CONCAT = Ops::concat;
  static final Plan.Function HALVED =
      (ops, in) -> ops.concat(List.of(in.get(0), in.get(0).rescaled(0.5)));
  static final Plan.Function PRODUCT = (ops, in) -> ops.product(in.get(0), in.get(1));

  static OperationCall of(String operation, String expected, Plan.Function call, Input... inputs) {
    return new OperationCall(operation, expected, call, List.of(inputs));
  }

  static Input real(int... shape) {
    return real -> Tensor.zeros(real, shape);
  }

  static Input spikes(int... shape) {
    return _ -> Tensor.zeros(DType.SPIKES, shape);
  }

  static Input labelMap(int... shape) {
    return real -> Tensor.zeros(DType.LABELS, shape);
  }

  static Input otherReal(int... shape) {
    return real -> Tensor.zeros(real == DType.F32 ? DType.F64 : DType.F32, shape);
  }

  private static Parameter parameter(String name, int... shape) {
    Parameter parameter = new Parameter(name, true, shape);
    Tensor ones = Tensor.zeros(DType.F32, shape);
    Arrays.fill(ones.floats(), 1);
    parameter.set(ones);
    return parameter;
  }

  private static BatchNorm norm(int channels) {
    return new BatchNorm(
        parameter("bn.weight", channels),
        parameter("bn.bias", channels),
        parameter("bn.running_mean", channels),
        parameter("bn.running_var", channels));
  }

  static WeightLayer layer(Kind kind, int bias, int norm, int... weight) {
    return new WeightLayer(
        "layer",
        kind,
        parameter("layer.weight", weight),
        bias == 0 ? null : parameter("layer.bias", bias),
        List.of(norm(norm)),
        1,
        0);
  }

  static WeightLayer window() {
    return layer(Kind.DENSE, 5, 5, 5, 3, 3, 3);
  }

  static WeightLayer depthwise() {
    return layer(Kind.DEPTHWISE, 0, 3, 3, 1, 3, 3);
  }

  static WeightLayer linear() {
    return layer(Kind.DENSE, 0, 5, 5, 3);
  }

  static Plan.Function layer(WeightLayer layer) {
    return (ops, in) -> ops.layer(in.get(0), layer);
  }

  static Plan.Function layerSpikes(WeightLayer layer, int maxSpikes) {
    return (ops, in) -> ops.layerSpikes(in.get(0), layer, "neuron", maxSpikes, 0.5);
  }

  static Plan.Function addLayer(WeightLayer layer) {
    return (ops, in) -> ops.addLayer(in.get(0), in.get(1), layer, "block");
  }

  static Plan.Function attention(int heads) {
    return (ops, in) -> ops.attention(in.get(0), in.get(1), in.get(2), heads, 0.5);
  }

  static Plan.Function sample(int groups) {
    return (ops, in) -> ops.deformSample(in.get(0), in.get(1), in.get(2), groups);
  }

  static Plan.Function bilinear(int height, int width) {
    return (ops, in) -> ops.resizeBilinear(in.get(0), height, width);
  }

  static Plan.Function nearest(int height, int width) {
    return (ops, in) -> ops.resizeNearest(in.get(0), height, width);
  }

  static Plan.Function slice(int from, int to) {
    return (ops, in) -> ops.slice(in.get(0), from, to);
  }

  static Plan.Function repeat(int n) {
    return (ops, in) -> ops.repeat(in.get(0), n);
  }

  static Plan.Function mean(int groups, int timeSteps) {
    return (ops, in) -> ops.meanTime(in.get(0), groups, timeSteps);
  }

  static Plan.Function neuron(int maxSpikes) {
    return (ops, in) -> ops.spikes(in.get(0), maxSpikes, 0.5);
  }

  static Plan.Function logits(int height, int width) {
    return (ops, in) -> ops.semanticLogits(in.get(0), in.get(1), height, width);
  }

  static Plan.Function semantic(int height, int width) {
    return (ops, in) -> ops.semanticLabels(in.get(0), in.get(1), height, width);
  }

  static Plan.Function labels(int height, int width) {
    return (ops, in) -> ops.labels(in.get(0), height, width);
  }

  List<Tensor> inputs(DType real) {
    return inputs.stream().map(input -> input.of(real)).toList();
  }

  @Override
  public String toString() {
    return operation + ": " + expected;
  }
}
