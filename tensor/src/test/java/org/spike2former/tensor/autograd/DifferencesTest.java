package org.spike2former.tensor.autograd;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/** Gradients of every operation against differences of its values. */
class DifferencesTest {
  private final Workers workers = new Workers(2);
  private final TapeOps ops = Backends.createForTraining(Backend.AUTO, Precision.F64, workers);
  private final Checks checks = new Checks();

  @AfterEach
  void stopWorkers() {
    workers.close();
  }

  private void check(Checks.Function f, Tensor... inputs) {
    checks.differences(ops, f, List.of(inputs), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "DENSE, 3, 5, 1, 1, 0",
    "DENSE, 3, 4, 3, 1, 1",
    "DENSE, 2, 3, 3, 2, 1",
    "DENSE, 2, 3, 3, 2, 0",
    "DENSE, 3, 2, 5, 3, 2",
    "DEPTHWISE, 5, 5, 3, 1, 0",
    "DEPTHWISE, 4, 4, 5, 1, 2",
    "DEPTHWISE, 3, 3, 3, 2, 1"
  })
  void layers(Kind kind, int cin, int cout, int kernel, int stride, int pad) {
    WeightLayer bare = checks.layer(kind, cin, cout, kernel, stride, pad);
    WeightLayer normed =
        checks.layer(
            kind, cin, cout, kernel, stride, pad, checks.norm("a", cout), checks.norm("b", cout));
    for (WeightLayer layer : List.of(bare, normed)) {
      for (Tensor x : List.of(checks.real(2, 6, 7, cin), checks.spikes(4, 0.25, 2, 6, 7, cin))) {
        // BatchNorm is not linear, so one spike more is not a derivative.
        boolean exact = x.dtype().isReal() || layer.norms().isEmpty();
        List<Tensor> inputs = exact ? List.of(x) : List.of();
        Checks.Function f = (o, in) -> o.layer(exact ? in.get(0) : x, layer);
        checks.differences(ops, f, inputs, Checks.parameters(layer));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void residualBranches(boolean frozen) {
    TapeOps tape = ops.with(TapeOptions.DEFAULT.withFrozenNorms(_ -> frozen));
    WeightLayer layer = checks.layer(Kind.DENSE, 3, 3, 1, 1, 0, checks.norm("norm", 3));
    Checks.Function f =
        (o, in) -> {
          Tensor once = o.addLayer(in.get(0), in.get(0), layer, null);
          return o.addLayer(once, o.sigmoid(once), layer, "block");
        };
    Tensor x = checks.real(2, 3, 4, 3);
    checks.differences(tape, f, List.of(x), Checks.parameters(layer));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void batchNorms(boolean frozen) {
    TapeOps tape = ops.with(TapeOptions.DEFAULT.withFrozenNorms(_ -> frozen));
    BatchNorm norm = checks.norm("norm", 5);
    List<Parameter> parameters = List.of(norm.weight(), norm.bias());
    Tensor x = checks.real(300, 5);
    checks.differences(tape, (o, in) -> o.batchNorm(in.get(0), norm), List.of(x), parameters);
  }

  @Test
  void sums() {
    check((o, in) -> o.add(in.get(0), in.get(1)), checks.real(2, 3), checks.real(2, 3));
    check((o, in) -> o.add(in.get(0), in.get(0)), checks.real(2, 3));
    check((o, in) -> o.subtract(in.get(0), in.get(1)), checks.real(2, 3), checks.real(2, 3));
    check((o, in) -> o.multiply(in.get(0), -1.5), checks.real(2, 3));
    check((o, in) -> o.multiply(in.get(0), 2), checks.spikes(4, 0.25, 2, 3));
    check((o, in) -> o.addTable(in.get(0), in.get(1)), checks.real(4, 2, 3), checks.real(2, 3));
  }

  @Test
  void layerScales() {
    Checks.Function f = (o, in) -> o.addScaled(in.get(0), in.get(1), in.get(2));
    check(f, checks.real(2, 5, 3), checks.real(3), checks.real(2, 5, 3));
    check(f, checks.real(2, 5, 3), checks.real(1), checks.real(2, 5, 3));
    Parameter gamma = checks.parameter("gamma", 3);
    checks.differences(
        ops,
        (o, in) -> o.addScaled(in.get(0), o.value(gamma), o.sigmoid(in.get(0))),
        List.of(checks.real(2, 5, 3)),
        List.of(gamma));
  }

  @Test
  void attention() {
    check(
        (o, in) -> o.attention(in.get(0), in.get(1), in.get(2), 2, 0.7),
        checks.spikes(4, 0.25, 2, 3, 4),
        checks.spikes(4, 0.5, 2, 5, 4),
        checks.spikes(8, 0.125, 2, 5, 6));
  }

  @Test
  void deformableSampling() {
    check(
        (o, in) -> o.deformSample(in.get(0), in.get(1), in.get(2), 2),
        checks.real(2, 3, 4, 6),
        checks.real(2, 3, 4, 2 * 18),
        checks.spikes(4, 0.25, 2, 3, 4, 2 * 9));
  }

  @ParameterizedTest
  @CsvSource({"3, 4, 6, 8", "3, 5, 7, 7", "5, 6, 2, 3", "1, 1, 3, 2", "4, 4, 4, 4"})
  void resizes(int height, int width, int newHeight, int newWidth) {
    Tensor x = checks.real(2, height, width, 3);
    check((o, in) -> o.resizeBilinear(in.get(0), newHeight, newWidth), x);
    check((o, in) -> o.resizeNearest(in.get(0), newHeight, newWidth), x);
  }

  @Test
  void padding() {
    BatchNorm norm = checks.norm("norm", 3);
    check((o, in) -> o.padWithShift(in.get(0), norm), checks.real(2, 3, 4, 3));
  }

  @Test
  void pointwiseFunctions() {
    check((o, in) -> o.sigmoid(in.get(0)), checks.real(3, 4));
    check((o, in) -> o.softmax(in.get(0)), checks.real(3, 5));
  }

  @Test
  void moves() {
    check((o, in) -> o.transpose(in.get(0)), checks.real(2, 3, 4));
    check((o, in) -> o.multiply(o.transpose(in.get(0)), 1), checks.spikes(4, 0.25, 2, 3, 4));
    check((o, in) -> o.concat(in), checks.real(2, 3), checks.real(1, 3), checks.real(4, 3));
    check((o, in) -> o.repeat(in.get(0), 3), checks.real(2, 3));
    check((o, in) -> o.repeat(in.get(0), 1).reshape(6), checks.real(2, 3));
    check((o, in) -> o.meanTime(in.get(0), 2, 3), checks.real(12, 2));
    check((o, in) -> o.meanTime(in.get(0), 2, 1), checks.real(4, 2));
  }

  @Test
  void slicesThatOverlap() {
    check((o, in) -> o.slice(in.get(0), 1, 3), checks.real(4, 2));
    check(
        (o, in) -> {
          Tensor x = in.get(0);
          Tensor parts = o.add(o.slice(x, 0, 2), o.slice(x, 1, 3));
          return o.add(o.concat(List.of(parts, parts)), x);
        },
        checks.real(4, 2));
  }

  @Test
  void products() {
    Checks.Function f = (o, in) -> o.product(in.get(0), in.get(1));
    check(f, checks.real(2, 7, 3), checks.real(2, 4, 3));
    check(f, checks.real(2, 7, 3), checks.spikes(4, 0.5, 2, 4, 3));
  }
}
