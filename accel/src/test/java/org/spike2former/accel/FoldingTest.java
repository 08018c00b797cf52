package org.spike2former.accel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.accel.operation.Operation.Kind;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

/** Fewer steps compute what the CPU's operations do, bit for bit. */
class FoldingTest {
  private static final Workers WORKERS = new Workers(1);
  private static final int MAX_SPIKES = 4;
  private static final double SCALE = 0.25;

  private final Random random = new Random(8);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private Tensor reals(int... shape) {
    Tensor x = Tensor.zeros(DType.F32, shape);
    for (int i = 0; i < x.size(); i++) {
      x.floats()[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private Parameter parameter(int... shape) {
    Parameter parameter = new Parameter("parameter", true, shape);
    parameter.set(reals(shape));
    return parameter;
  }

  private BatchNorm norm(int channels) {
    Parameter variance = parameter(channels);
    Tensor positive = Tensor.zeros(DType.F32, channels);
    for (int i = 0; i < channels; i++) {
      positive.floats()[i] = 0.5f + random.nextFloat();
    }
    variance.set(positive);
    return new BatchNorm(parameter(channels), parameter(channels), parameter(channels), variance);
  }

  private WeightLayer dense(int channels, int kernel) {
    return new WeightLayer(
        "dense",
        WeightLayer.Kind.DENSE,
        parameter(channels, channels, kernel, kernel),
        parameter(channels),
        List.of(norm(channels)),
        1,
        kernel / 2);
  }

  private WeightLayer depthwise(int channels) {
    return new WeightLayer(
        "depthwise",
        WeightLayer.Kind.DEPTHWISE,
        parameter(channels, 1, 3, 3),
        null,
        List.of(),
        1,
        0);
  }

  /** A computation. */
  private interface Body {
    Tensor apply(Ops ops, Tensor x);
  }

  private static List<Kind> check(Body body, Tensor x, WeightType weights) {
    Ops cpu = Backends.create(Backend.SCALAR, Precision.F32, weights, WORKERS);
    Plan plan =
        Plan.of((ops, in) -> body.apply(ops, in.get(0)), List.of(x), _ -> null, cpu, weights);
    assertThat(PlanModel.run(plan, x).bitEquals(body.apply(cpu, x))).isTrue();
    return plan.steps().stream().map(Step::kind).toList();
  }

  private record Branch(
      WeightLayer first, BatchNorm norm, WeightLayer depthwise, WeightLayer last, BatchNorm outer) {
    Tensor apply(Ops ops, Tensor spikes) {
      Tensor padded = ops.padWithShift(ops.layer(spikes, first), norm);
      return ops.batchNorm(ops.layer(ops.layer(padded, depthwise), last), outer);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 5, 13, FLOAT", "1, 7, 1, 7, FLOAT", "2, 3, 5, 13, INT8"})
  void attentionOfBranches(int n, int h, int w, int c, WeightType weights) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      branches.add(new Branch(dense(c, 1), norm(c), depthwise(c), dense(c, 1), norm(c)));
    }
    WeightLayer after = dense(c, 3);
    Body body =
        (ops, x) -> {
          Tensor spikes = ops.spikes(x, MAX_SPIKES, SCALE);
          List<Tensor> qkv = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            Tensor fired = ops.spikes(branches.get(i).apply(ops, spikes), MAX_SPIKES, SCALE);
            qkv.add(fired.reshape(n, h * w, c));
          }
          Tensor mixed = ops.attention(qkv.get(0), qkv.get(1), qkv.get(2), 1, 0.3);
          Tensor fired = ops.spikes(mixed, MAX_SPIKES, SCALE).reshape(n, h, w, c);
          Tensor sum = ops.add(x, branches.get(3).apply(ops, fired));
          return ops.addLayer(sum, ops.spikes(sum, MAX_SPIKES, SCALE), after, null);
        };
    Kind onSpikes = weights == WeightType.INT8 ? Kind.INT8_DENSE : Kind.DENSE;
    assertThat(check(body, reals(n, h, w, c), weights))
        .containsExactly(
            Kind.SPIKES,
            onSpikes,
            Kind.DEPTHWISE,
            Kind.DENSE,
            Kind.DENSE,
            Kind.DENSE,
            Kind.KEY_VALUE,
            Kind.QUERY_VALUE,
            onSpikes,
            Kind.DEPTHWISE,
            Kind.DENSE,
            onSpikes);
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void sumsTablesAndNeuronsJoinTheLayerBefore(WeightType weights) {
    WeightLayer layer = dense(13, 3);
    Parameter gamma = parameter(13);
    Parameter table = parameter(3, 5, 13);
    Body body =
        (ops, x) -> {
          Tensor y = ops.layer(ops.spikes(x, MAX_SPIKES, SCALE), layer);
          Tensor scaled = ops.addScaled(x, ops.value(gamma), y);
          Tensor k = ops.spikes(scaled, MAX_SPIKES, SCALE);
          Tensor same = ops.spikes(scaled, MAX_SPIKES, 1);
          Tensor placed = ops.addTable(scaled, ops.value(table));
          Tensor z = ops.addLayer(scaled, ops.spikes(placed, 1, 1), layer, null);
          return ops.add(ops.layer(k, layer), ops.addLayer(z, same, layer, null));
        };
    Kind onSpikes = weights == WeightType.INT8 ? Kind.INT8_DENSE : Kind.DENSE;
    assertThat(check(body, reals(2, 3, 5, 13), weights))
        .containsExactly(Kind.SPIKES, onSpikes, Kind.CHAIN, onSpikes, onSpikes, onSpikes, Kind.ADD);
  }

  /** Whatever reads what: a value that is read again is kept, and one that comes later not used. */
  @ParameterizedTest
  @EnumSource(WeightType.class)
  void anyOrderOfOperations(WeightType weights) {
    WeightLayer layer = dense(5, 1);
    BatchNorm norm = norm(5);
    Parameter row = parameter(5);
    Parameter one = parameter(1);
    for (int round = 0; round < 200; round++) {
      long seed = random.nextLong();
      Body body =
          (ops, x) -> {
            Random choice = new Random(seed);
            List<Tensor> values = new ArrayList<>(List.of(x));
            for (int i = 0; i < 12; i++) {
              Tensor a = values.get(choice.nextInt(values.size()));
              Tensor b = values.getLast();
              values.add(
                  switch (choice.nextInt(7)) {
                    case 0 -> ops.layer(ops.spikes(b, MAX_SPIKES, SCALE), layer);
                    case 1 -> ops.addLayer(a, ops.spikes(a, 1, SCALE), layer, null);
                    case 2 -> ops.batchNorm(b, norm);
                    case 3 -> ops.add(a, b);
                    case 4 -> ops.addTable(b, ops.value(row));
                    case 5 -> ops.addScaled(a, ops.value(choice.nextBoolean() ? row : one), b);
                    default -> ops.layer(b, layer);
                  });
            }
            return values.getLast();
          };
      check(body, reals(2, 1, 3, 5), weights);
    }
  }
}
