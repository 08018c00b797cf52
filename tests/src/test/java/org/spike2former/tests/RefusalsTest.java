package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.accel.Plan;
import org.spike2former.snn.energy.CostOps;
import org.spike2former.snn.firing.SpikeTap;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.OperationCounter;
import org.spike2former.snn.spikedriven.OperationCounts;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.OpName;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** All implementations of {@link Ops} give results of the same shapes and refuse the same calls. */
class RefusalsTest {
  private static final Workers WORKERS = new Workers(1);

  /** What runs a call. */
  private record Implementation(String name, Precision precision, Runner runner) {
    interface Runner {
      Tensor run(Plan.Function call, List<Tensor> inputs);
    }

    static Implementation of(String name, Ops ops) {
      return new Implementation(
          name + " " + ops.precision(), ops.precision(), (call, inputs) -> call.apply(ops, inputs));
    }

    Tensor run(OperationCall call) {
      return runner.run(call.call(), call.inputs(precision.type()));
    }
  }

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static List<Implementation> implementations() {
    List<Implementation> all = new ArrayList<>();
    for (Precision real : List.of(Precision.F32, Precision.F64)) {
      Ops cpu = Backends.create(Backend.SCALAR, real, WORKERS);
      all.add(Implementation.of("scalar", cpu));
      all.add(Implementation.of("vector", Backends.create(Backend.VECTOR, real, WORKERS)));
      all.add(Implementation.of("tape", Backends.createForTraining(Backend.VECTOR, real, WORKERS)));
      all.add(
          Implementation.of(
              "spike-driven", new SpikeDrivenOps(cpu, OperationCall.D, Backend.SCALAR, WORKERS)));
      all.add(Implementation.of("integer", new IntegerOps(cpu, OperationCall.D)));
      all.add(Implementation.of("counter", new OperationCounter(cpu, new OperationCounts())));
      all.add(Implementation.of("tap", new SpikeTap(cpu, List.of())));
    }
    Ops int8 = Backends.create(Backend.VECTOR, Precision.F32, WeightType.INT8, WORKERS);
    all.add(Implementation.of("int8", int8));
    all.add(Implementation.of("cost", new CostOps(_ -> false)));
    return all;
  }

  private static Implementation device(WeightType weights) {
    Ops cpu = Backends.create(Backend.SCALAR, Precision.F32, weights, WORKERS);
    return new Implementation(
        "device " + weights,
        Precision.F32,
        (call, inputs) -> Plan.of(call, inputs, _ -> null, cpu, weights).result());
  }

  private static Stream<Implementation> withDevices() {
    return Stream.concat(
        implementations().stream(), Stream.of(WeightType.values()).map(RefusalsTest::device));
  }

  @ParameterizedTest
  @MethodSource("org.spike2former.tests.AcceptedCalls#all")
  void shapesOfResultsAgree(OperationCall call) {
    boolean labels = call.operation().equals("labels") || call.operation().equals("semanticLabels");
    withDevices()
        .filter(implementation -> !labels || !implementation.name().startsWith("cost"))
        .forEach(
            implementation -> {
              Tensor result = implementation.run(call);
              assertThat(Arrays.toString(result.shape()))
                  .as(implementation.name())
                  .isEqualTo(call.expected());
              assertThat(result.dtype() == DType.LABELS)
                  .as(implementation.name())
                  .isEqualTo(labels);
            });
  }

  @ParameterizedTest
  @MethodSource("org.spike2former.tests.RefusedCalls#all")
  void refusalsAgree(OperationCall call) {
    withDevices().forEach(implementation -> requireRefusal(implementation, call));
  }

  private static void requireRefusal(Implementation implementation, OperationCall call) {
    assertThatThrownBy(() -> implementation.run(call))
        .as(implementation.name())
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(call.expected());
  }

  /** A plan's inputs are float32 whatever they were. */
  @Test
  void numbersOfAnotherPrecisionAreRefused() {
    for (Implementation implementation : implementations()) {
      requireRefusal(
          implementation,
          OperationCall.of(
              "add",
              "add: expected real",
              OperationCall.ADD,
              OperationCall.real(2, 3),
              OperationCall.otherReal(2, 3)));
      requireRefusal(
          implementation,
          OperationCall.of(
              "layer",
              "layer: expected real",
              OperationCall.layer(OperationCall.linear()),
              OperationCall.otherReal(2, 3)));
    }
  }

  @Test
  void everyOperationHasCases() {
    Set<String> operations =
        EnumSet.complementOf(EnumSet.of(OpName.VALUE)).stream()
            .map(OpName::method)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(AcceptedCalls.all().stream().map(OperationCall::operation).distinct())
        .containsExactlyInAnyOrderElementsOf(operations);
    operations.remove("multiply"); // takes all there is
    assertThat(RefusedCalls.all().stream().map(OperationCall::operation).distinct())
        .containsExactlyInAnyOrderElementsOf(operations);
  }
}
