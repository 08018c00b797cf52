package org.spike2former.accel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Operation;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;
import org.spike2former.tensor.layer.Window;

class PlanTest {
  private static final Workers WORKERS = new Workers(1);
  private static final Ops CPU = Backends.create(Backend.SCALAR, Precision.F32, WORKERS);
  private static final DeviceCapabilities ALL = _ -> null;
  private static final DeviceCapabilities NONE = _ -> "none is there";

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static Tensor random(int seed, int... shape) {
    Tensor x = Tensor.zeros(DType.F32, shape);
    Random random = new Random(seed);
    for (int i = 0; i < x.size(); i++) {
      x.floats()[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static Parameter parameter(String name, int... shape) {
    Parameter parameter = new Parameter(name, true, shape);
    parameter.set(random(name.hashCode(), shape));
    return parameter;
  }

  private static WeightLayer layer() {
    Parameter variance = parameter("variance", 6);
    variance.set(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6));
    BatchNorm norm =
        new BatchNorm(parameter("g", 6), parameter("b", 6), parameter("m", 6), variance);
    Parameter weight = parameter("w", 6, 3, 3, 3);
    return new WeightLayer("conv", WeightLayer.Kind.DENSE, weight, null, List.of(norm), 2, 1);
  }

  /** Neuron, layer, neuron, residual; what does not depend on the input is worked out before. */
  private static Tensor network(Ops ops, Tensor x, WeightLayer layer, Parameter table) {
    Tensor constant = ops.multiply(ops.value(table), 2);
    Tensor spikes = ops.spikes(ops.addTable(x, constant), 4, 0.25);
    Tensor y = ops.layer(spikes, layer);
    Tensor fired = ops.layerSpikes(spikes, layer, "neuron", 4, 0.25);
    Tensor both =
        ops.addScaled(y, ops.value(layer.norms().get(0).weight()), ops.multiply(fired, 1));
    ops.endStage(NetworkPart.BACKBONE, "backbone.x1");
    return ops.concat(List.of(both, y));
  }

  private static Plan plan(
      DeviceCapabilities capabilities, WeightLayer layer, Parameter table, Tensor x) {
    return Plan.of(
        (ops, inputs) -> network(ops, inputs.get(0), layer, table),
        List.of(x),
        capabilities,
        CPU,
        WeightType.FLOAT);
  }

  @Test
  void operationsBecomeStepsWithFoldedConstants() {
    WeightLayer layer = layer();
    Plan plan = plan(ALL, layer, parameter("table", 3), random(1, 2, 7, 5, 3));
    assertThat(plan.steps())
        .extracting(Step::kind)
        .containsExactly(
            Operation.Kind.CHAIN,
            Operation.Kind.DENSE,
            Operation.Kind.DENSE,
            Operation.Kind.MULTIPLY,
            Operation.Kind.ADD_SCALED,
            Operation.Kind.COPY,
            Operation.Kind.COPY);
    Step layerStep = plan.steps().get(1);
    assertThat(layerStep.name()).isEqualTo("conv");
    assertThat(layerStep.stage()).isEqualTo("backbone.x1");
    assertThat(plan.steps().getLast().stage()).isEqualTo("prediction");
    Convolution dense = (Convolution) layerStep.operation();
    assertThat(dense.window()).isEqualTo(new Window(2, 7, 5, 3, 6, 3, 3, 2, 1, 4, 3));
    assertThat(dense.maxSpikes()).isZero();
    assertThat(dense.weights().isConstant()).isTrue();
    Convolution fired = (Convolution) plan.steps().get(2).operation();
    assertThat(fired.weights()).isSameAs(dense.weights());
    assertThat(fired.maxSpikes()).isEqualTo(4);
    assertThat(fired.output().type()).isEqualTo(Buffer.Type.BYTES);
    assertThat(plan.result().shape()).containsExactly(4, 4, 3, 6);
    float[] folded = (float[]) dense.weights().constant();
    double factor = layer.norms().get(0).factor(5) * 0.25;
    // weight [out 5, in 2, row 1, column 0] stands at [tap 3, in 2, out 5]
    assertThat(folded[(3 * 3 + 2) * 6 + 5])
        .isEqualTo((float) (layer.weight().value().get(((5 * 3 + 2) * 3 + 1) * 3) * factor));
  }

  @Test
  void whatADeviceCannotDoBecomesAStepOfTheHost() {
    WeightLayer layer = layer();
    Parameter table = parameter("table", 3);
    Tensor x = random(2, 2, 7, 5, 3);
    Plan plan = plan(NONE, layer, table, x);
    assertThat(plan.steps()).allMatch(Step::isHost);
    Map<Buffer, Object> arrays = new IdentityHashMap<>();
    arrays.put(plan.inputs().get(0), x.floats());
    for (Step step : plan.steps()) {
      List<Object> inputs = new ArrayList<>();
      step.inputs().forEach(input -> inputs.add(arrays.get(input)));
      arrays.put(step.output(), ((HostCall) step.operation()).function().apply(inputs));
    }
    Tensor found = plan.result(arrays.get(plan.output()));
    assertThat(found.bitEquals(network(CPU, x, layer, table))).isTrue();
  }

  @Test
  void attentionTakesTheCheaperOrderAndRefusesSumsBeyond32Bits() {
    Tensor few = Tensor.spikes(filled(2 * 4 * 64, 4), 1, 2, 4, 64);
    assertThat(attention(few).steps())
        .extracting(Step::kind)
        .containsExactly(Operation.Kind.QUERY_KEY, Operation.Kind.SCORE_VALUE);
    Tensor many = Tensor.spikes(filled(2 * 99 * 64, 4), 1, 2, 99, 64);
    assertThat(attention(many).steps())
        .extracting(Step::kind)
        .containsExactly(Operation.Kind.KEY_VALUE, Operation.Kind.QUERY_VALUE);
    Tensor great = Tensor.spikes(filled(2 * 99 * 64, 127), 1, 2, 99, 64);
    assertThat(attention(great).steps())
        .extracting(Step::kind)
        .containsExactly(Operation.Kind.HOST);
  }

  /** Else the plan would compute a half that nobody reads. */
  @Test
  void whatTakesSeveralStepsIsADevicesOnlyIfAllAre() {
    Tensor x = Tensor.spikes(filled(2 * 99 * 64, 4), 1, 2, 99, 64);
    assertThat(attention(x, without(Operation.Kind.QUERY_VALUE)).steps()).allMatch(Step::isHost);
    Tensor few = Tensor.spikes(filled(2 * 4 * 64, 4), 1, 2, 4, 64);
    assertThat(attention(few, without(Operation.Kind.SCORE_VALUE)).steps()).allMatch(Step::isHost);
    for (Operation.Kind kind :
        List.of(Operation.Kind.PRODUCT_ARGMAX, Operation.Kind.RESIZE_SIGMOID)) {
      Plan labels =
          Plan.of(
              (ops, in) -> ops.semanticLabels(in.get(0), in.get(1), 6, 8),
              List.of(random(3, 1, 5, 4), random(4, 1, 3, 4, 5)),
              without(kind),
              CPU,
              WeightType.FLOAT);
      assertThat(labels.steps()).allMatch(Step::isHost);
    }
  }

  private static DeviceCapabilities without(Operation.Kind kind) {
    return each -> each == kind ? "none is there" : null;
  }

  private static byte[] filled(int length, int k) {
    byte[] spikes = new byte[length];
    Arrays.fill(spikes, (byte) k);
    return spikes;
  }

  private static Plan attention(Tensor x) {
    return attention(x, ALL);
  }

  private static Plan attention(Tensor x, DeviceCapabilities capabilities) {
    return Plan.of(
        (ops, in) -> ops.attention(in.get(0), in.get(1), in.get(2), 4, 1),
        List.of(x, x.copy(), x.copy()),
        capabilities,
        CPU,
        WeightType.FLOAT);
  }
}
