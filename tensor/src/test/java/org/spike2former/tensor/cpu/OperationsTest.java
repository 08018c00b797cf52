package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * The operations against PyTorch 2.13 in float64 ({@code operations.json}: conv2d, linear,
 * interpolate, sigmoid, softmax, grid_sample and products, on random numbers that float32 holds).
 */
class OperationsTest {
  private static final Workers WORKERS = new Workers(2);
  private static JsonNode cases;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = OperationsTest.class.getResourceAsStream("operations.json")) {
      cases = new ObjectMapper().readTree(in);
    }
  }

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  static Stream<Ops> backends() {
    return Stream.of("scalar", "vector")
        .flatMap(name -> Stream.of(Precision.values()).map(precision -> create(name, precision)));
  }

  private static Ops create(String name, Precision precision) {
    return Backends.create(Backend.of(name), precision, WORKERS);
  }

  private static Tensor tensor(String name, String part, DType type) {
    JsonNode node = cases.get(name).get(part);
    int[] shape = new int[node.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.get("shape").get(i).asInt();
    }
    double[] data = new double[node.get("data").size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = node.get("data").get(i).asDouble();
    }
    return Tensor.of(data, shape).to(type);
  }

  private static Tensor spikes(String name, String part, double scale) {
    Tensor real = tensor(name, part, DType.F64);
    byte[] data = new byte[real.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) real.get(i);
    }
    return Tensor.spikes(data, scale, real.shape());
  }

  private static Parameter parameter(String name, String part) {
    return parameter(tensor(name, part, DType.F64));
  }

  private static Parameter parameter(Tensor value) {
    Parameter parameter = new Parameter("parameter", true, value.shape());
    parameter.set(value);
    return parameter;
  }

  private static void requireClose(Ops ops, Tensor found, String name, String part) {
    requireClose(ops, found, tensor(name, part, DType.F64));
  }

  /** Within some units in the last place of the greatest number. */
  private static void requireClose(Ops ops, Tensor found, Tensor expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    assertThat(found.dtype()).isEqualTo(ops.precision().type());
    double greatest = 0;
    for (int i = 0; i < expected.size(); i++) {
      greatest = Math.max(greatest, Math.abs(expected.get(i)));
    }
    double unit = ops.precision() == Precision.F32 ? Math.ulp(1f) : Math.ulp(1.0);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i))
          .as("element %d", i)
          .isCloseTo(expected.get(i), within(4 * unit * greatest));
    }
  }

  private static WeightLayer layer(
      WeightLayer.Kind kind, Parameter weight, Parameter bias, int stride, int padding) {
    return new WeightLayer("layer", kind, weight, bias, List.of(), stride, padding);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void convolution(Ops ops) {
    WeightLayer layer =
        layer(WeightLayer.Kind.DENSE, parameter("conv", "weight"), parameter("conv", "bias"), 2, 1);
    requireClose(ops, ops.layer(tensor("conv", "x", ops.precision().type()), layer), "conv", "y");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void depthwiseConvolution(Ops ops) {
    WeightLayer layer =
        layer(WeightLayer.Kind.DEPTHWISE, parameter("depthwise", "weight"), null, 1, 2);
    requireClose(
        ops, ops.layer(tensor("depthwise", "x", ops.precision().type()), layer), "depthwise", "y");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void linear(Ops ops) {
    WeightLayer layer =
        layer(
            WeightLayer.Kind.DENSE,
            parameter("linear", "weight"),
            parameter("linear", "bias"),
            1,
            0);
    requireClose(
        ops, ops.layer(tensor("linear", "x", ops.precision().type()), layer), "linear", "y");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void layerOnSpikesWithBatchNormsIsTheSumOfItsDefinition(Ops ops) {
    Samples samples = new Samples(3);
    int cin = 5;
    int cout = 7;
    BatchNorm norm =
        new BatchNorm(
            parameter(samples.real(Precision.F64, cout)),
            parameter(samples.real(Precision.F64, cout)),
            parameter(samples.real(Precision.F64, cout)),
            parameter(ops.multiply(samples.spikes(9, cout), 1).to(DType.F64)));
    Parameter weight = parameter(samples.real(Precision.F64, cout, cin, 3, 3));
    Parameter bias = parameter(samples.real(Precision.F64, cout));
    Tensor x = samples.spikes(4, 2, 6, 4, cin);
    WeightLayer layer =
        new WeightLayer("layer", WeightLayer.Kind.DENSE, weight, bias, List.of(norm), 1, 1);
    double[] expected = new double[2 * 6 * 4 * cout];
    for (int i = 0; i < expected.length; i++) {
      int co = i % cout;
      int column = i / cout % 4;
      int row = i / cout / 4 % 6;
      double sum = bias.value().get(co);
      for (int r = -1; r <= 1; r++) {
        for (int c = -1; c <= 1; c++) {
          boolean inside = row + r >= 0 && row + r < 6 && column + c >= 0 && column + c < 4;
          for (int ci = 0; inside && ci < cin; ci++) {
            double w = weight.value().get(((co * cin + ci) * 3 + r + 1) * 3 + c + 1);
            sum += w * x.get((i / cout + r * 4 + c) * cin + ci);
          }
        }
      }
      double deviation = Math.sqrt(norm.runningVar().value().get(co) + 1e-5);
      double normal = (sum - norm.runningMean().value().get(co)) / deviation;
      expected[i] = normal * norm.weight().value().get(co) + norm.bias().value().get(co);
    }
    requireClose(ops, ops.layer(x, layer), Tensor.of(expected, 2, 6, 4, cout));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void resize(Ops ops) {
    Tensor x = tensor("bilinear", "x", ops.precision().type());
    requireClose(ops, ops.resizeBilinear(x, 9, 7), "bilinear", "up");
    requireClose(ops, ops.resizeBilinear(x, 3, 2), "bilinear", "down");
  }

  /** Each output is an input, with its bits: {@code torch.nn.functional.interpolate} by default. */
  @ParameterizedTest
  @MethodSource("backends")
  void nearest(Ops ops) {
    Tensor row = Tensor.of(new float[] {1, -0f, 3}, 1, 1, 3, 1).to(ops.precision().type());
    requireValues(ops.resizeNearest(row, 2, 5), 1, 1, -0.0, -0.0, 3, 1, 1, -0.0, -0.0, 3);
    requireValues(ops.resizeNearest(row, 1, 6), 1, 1, -0.0, -0.0, 3, 3);
    requireValues(ops.resizeNearest(row, 1, 2), 1, -0.0);
  }

  private static void requireValues(Tensor found, double... expected) {
    double[] values = IntStream.range(0, found.size()).mapToDouble(found::get).toArray();
    assertThat(values).containsExactly(expected);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void sigmoidAndSoftmax(Ops ops) {
    Tensor x = tensor("activations", "x", ops.precision().type());
    requireClose(ops, ops.sigmoid(x), "activations", "sigmoid");
    requireClose(ops, ops.softmax(x), "activations", "softmax");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void spikesRoundHalfToEven(Ops ops) {
    Tensor found = ops.spikes(tensor("spikes", "x", ops.precision().type()), 4, 0.25);
    assertThat(found.bitEquals(spikes("spikes", "k", 0.25))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void attention(Ops ops) {
    Tensor q = spikes("attention", "q", 1);
    Tensor k = spikes("attention", "k", 1);
    Tensor v = spikes("attention", "v", 0.5);
    Tensor expected = tensor("attention", "y", ops.precision().type());
    assertThat(ops.attention(q, k, v, 4, 1).bitEquals(expected)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void deformSample(Ops ops) {
    Tensor v = tensor("deform", "v", ops.precision().type());
    Tensor offset = tensor("deform", "offset", ops.precision().type());
    Tensor mask = spikes("deform", "mask", 1);
    requireClose(ops, ops.deformSample(v, offset, mask, 2), "deform", "y");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void semanticLogits(Ops ops) {
    Tensor cls = tensor("semantic", "cls", ops.precision().type());
    Tensor masks = tensor("semantic", "masks", ops.precision().type());
    requireClose(ops, ops.semanticLogits(cls, masks, 5, 7), "semantic", "y");
  }
}
