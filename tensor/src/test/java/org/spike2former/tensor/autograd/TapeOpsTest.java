package org.spike2former.tensor.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/** What the tape does beyond gradients of smooth functions. */
class TapeOpsTest {
  private final Workers workers = new Workers(2);
  private final TapeOps ops = Backends.createForTraining(Backend.AUTO, Precision.F64, workers);
  private final Checks checks = new Checks();

  @AfterEach
  void stopWorkers() {
    workers.close();
  }

  private static Tensor of(double... x) {
    return Tensor.of(x, x.length);
  }

  private Tensor gradient(Tensor variable, Tensor output, Tensor upstream) {
    return ops.backward(List.of(output), List.of(upstream)).of(variable);
  }

  @Test
  void neuronsPassGradientsStraightThroughBetweenTheirBounds() {
    Tensor x = ops.variable(of(-1e-9, 0, 2.5, 4, 4.000001, -7));
    Tensor spikes = ops.spikes(x, 4, 0.25);

    assertThat(spikes.bytes()).containsExactly(0, 0, 2, 4, 4, 0);
    assertThat(gradient(x, spikes, of(1, 2, 3, 4, 5, 6)).doubles())
        .containsExactly(0, 0.5, 0.75, 1, 0, 0);
  }

  @Test
  void binaryNeuronsPassGradientsInAWindowOfWidthOne() {
    Tensor x = ops.variable(of(0.49, 0.5, 1, 1.5, 1.51));
    Tensor spikes = ops.fire(x, 1, 2);

    assertThat(spikes.bytes()).containsExactly(0, 0, 1, 1, 1);
    assertThat(gradient(x, spikes, of(1, 1, 1, 1, 1)).doubles()).containsExactly(0, 2, 2, 2, 0);
  }

  @Test
  void aGradientOfSpikesIsOfTheNumbersTheyStandFor() {
    Tensor x = ops.variable(of(1, 2));
    Tensor y = ops.multiply(ops.spikes(x, 4, 1).rescaled(0.5), 3);

    assertThat(y.doubles()).containsExactly(1.5, 3);
    assertThat(gradient(x, y, of(1, 10)).doubles()).containsExactly(1.5, 15);
  }

  @Test
  void normsUseTheBatchAndMoveTheirRunningStatistics() {
    BatchNorm norm = checks.norm("bn", 1);
    norm.weight().set(of(2));
    norm.bias().set(of(1));
    norm.runningMean().set(of(10));
    norm.runningVar().set(of(4));

    Tensor y = ops.batchNorm(Tensor.of(new double[] {1, 2, 6}, 3, 1), norm);

    // Mean 3, biased variance 14/3, unbiased 7.
    double deviation = Math.sqrt(14.0 / 3 + 1e-5);
    assertThat(y.get(0)).isCloseTo(1 - 4 / deviation, within(1e-14));
    assertThat(y.get(2)).isCloseTo(1 + 6 / deviation, within(1e-14));
    assertThat(norm.runningMean().value().get(0)).isCloseTo(9.3, within(1e-14));
    assertThat(norm.runningVar().value().get(0)).isCloseTo(4.3, within(1e-14));
    assertThat(norm.batchCount().value().get(0)).isEqualTo(1);
  }

  @Test
  void paddingUsesTheRunningStatisticsAfterTheUpdate() {
    BatchNorm norm = checks.norm("bn", 2);
    Tensor y = ops.batchNorm(checks.real(1, 2, 2, 2), norm);
    Tensor padded = ops.padWithShift(y, norm);

    assertThat(padded.get(0)).isEqualTo(norm.shift(0));
    assertThat(padded.get(1)).isEqualTo(norm.shift(1));
  }

  @Test
  void frozenNormsAreConstants() {
    BatchNorm norm = checks.norm("backbone.bn", 2);
    Tensor mean = norm.runningMean().value().copy();
    TapeOps tape = ops.with(TapeOptions.DEFAULT.withFrozenNorms(n -> n.equals("backbone.bn")));

    Tensor y = tape.batchNorm(of(3, 4).reshape(1, 2), norm);

    assertThat(y.get(1)).isCloseTo(4 * norm.factor(1) + norm.shift(1), within(1e-14));
    assertThat(norm.runningMean().value().bitEquals(mean)).isTrue();
    assertThat(norm.batchCount().isSet()).isFalse();
  }

  @Test
  void oneValuePerChannelIsNoBatch() {
    assertThatThrownBy(() -> ops.batchNorm(checks.real(1, 3), checks.norm("a.bn", 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("a.bn")
        .hasMessageContaining("[1, 3]");
  }

  @Test
  void whatDoesNotFitIsComputedAgainWithTheSameBits() {
    WeightLayer first = checks.layer(Kind.DENSE, 3, 8, 3, 1, 1, checks.norm("a", 8));
    WeightLayer second = checks.layer(Kind.DEPTHWISE, 8, 8, 3, 1, 1, checks.norm("b", 8));
    Tensor image = checks.real(2, 9, 11, 3);
    Tensor upstream = checks.real(2, 9, 11, 8);
    List<Gradients> runs = new ArrayList<>();
    List<Tensor> inputs = new ArrayList<>();
    for (long bytes : new long[] {Long.MAX_VALUE, 2 * 9 * 11 * 8 * 8, 0}) {
      TapeOps tape = ops.with(TapeOptions.DEFAULT.withKeptBytes(bytes));
      Tensor x = tape.variable(image);
      Tensor spikes = tape.layerSpikes(x, first, "neuron", 4, 0.25);
      Tensor y = tape.addLayer(upstream, spikes, second, null);
      runs.add(tape.backward(List.of(y), List.of(upstream)));
      inputs.add(x);
    }
    for (int run = 1; run < 3; run++) {
      Gradients other = runs.get(run);
      assertThat(other.of(inputs.get(run)).bitEquals(runs.get(0).of(inputs.get(0)))).isTrue();
      runs.get(0)
          .all()
          .forEach((p, g) -> assertThat(other.of(p).bitEquals(g)).as(p.name()).isTrue());
    }
    assertThat(runs.get(0).all()).hasSize(8);
  }

  @Test
  void fusedOperationsHaveTheBitsOfTheirParts() {
    WeightLayer layer = checks.layer(Kind.DENSE, 3, 5, 3, 1, 1, checks.norm("a", 5));
    Tensor x = checks.real(2, 9, 11, 3);
    Tensor residual = checks.real(2, 9, 11, 5);

    Tensor y = ops.layer(x, layer);

    assertThat(ops.layerSpikes(x, layer, "n", 4, 0.25).bytes())
        .isEqualTo(ops.spikes(y, 4, 0.25).bytes());
    assertThat(ops.addLayer(residual, x, layer, null).bitEquals(ops.add(residual, y))).isTrue();
  }

  @Test
  void onlyWhatIsWantedIsComputed() {
    WeightLayer layer = checks.layer(Kind.DENSE, 2, 3, 1, 1, 0, checks.norm("bn", 3));
    Parameter unused = checks.parameter("unused", 2);
    TapeOps tape = ops.with(TapeOptions.DEFAULT.withWanted(p -> p.name().endsWith(".weight")));
    Tensor dead = tape.variable(checks.real(4, 2));
    Tensor input = tape.variable(checks.real(4, 2));
    tape.sigmoid(dead);
    tape.value(unused);

    Tensor y = tape.layer(input, layer);
    Gradients gradients = tape.backward(List.of(y), List.of(checks.real(4, 3)));

    assertThat(gradients.all().keySet())
        .extracting(Parameter::name)
        .containsExactlyInAnyOrder("layer.weight", "bn.weight");
    assertThat(gradients.of(dead)).isNull();
    assertThat(gradients.of(unused)).isNull();
    assertThat(gradients.of(input).shape()).containsExactly(4, 2);
    assertThatThrownBy(() -> gradients.of(of(1))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givenGradientsAreLeftAloneAndResultsShareNothing() {
    Tensor a = ops.variable(of(1, 2));
    Tensor b = ops.variable(of(3, 4));
    Tensor upstream = of(5, 6);
    Tensor sum = ops.add(ops.add(a, b), a);

    Gradients gradients = ops.backward(List.of(sum, sum), List.of(upstream, upstream));

    assertThat(upstream.doubles()).containsExactly(5, 6);
    assertThat(gradients.of(a).doubles()).containsExactly(20, 24).isNotSameAs(upstream.doubles());
    assertThat(gradients.of(b).doubles())
        .containsExactly(10, 12)
        .isNotSameAs(gradients.of(a).doubles());
  }

  @Test
  void gradientsOfParametersSurviveRunsThatReuseStorage() {
    WeightLayer layer = checks.layer(Kind.DENSE, 3, 4, 3, 2, 1, checks.norm("bn", 4));
    Tensor image = checks.real(2, 8, 8, 3);
    Tensor upstream = checks.real(2, 4, 4, 4);
    Map<Parameter, Tensor> sums = new LinkedHashMap<>();
    Map<Parameter, Tensor> first = new LinkedHashMap<>();
    for (int run = 0; run < 4; run++) {
      ops.beginRun(true);
      Tensor x = ops.variable(image);
      Tensor y = ops.layer(ops.add(x, ops.sigmoid(x)), layer);
      Gradients gradients = ops.backward(List.of(y), List.of(upstream));
      gradients
          .all()
          .forEach(
              (p, g) -> {
                first.putIfAbsent(p, g.copy());
                Tensor sum = sums.putIfAbsent(p, g);
                if (sum != null) {
                  ops.accumulate(sum, g);
                }
              });
    }
    assertThat(sums).hasSize(4);
    sums.forEach(
        (p, sum) -> {
          for (int i = 0; i < sum.size(); i++) {
            assertThat(sum.get(i)).as(p.name()).isCloseTo(4 * first.get(p).get(i), within(1e-12));
          }
        });
  }

  @Test
  void aRunIsForgottenWhenTheNextBegins() {
    Parameter p = checks.parameter("p", 2);
    ops.value(p);
    Tensor y = ops.sigmoid(ops.value(p));
    ops.beginRun(false);

    assertThat(ops.backward(List.of(y), List.of(of(1, 1))).all()).isEmpty();
  }

  @Test
  void wrongGradientsAreRefused() {
    Tensor y = ops.sigmoid(ops.variable(of(1, 2)));

    assertThatThrownBy(() -> ops.backward(List.of(y), List.of(of(1))))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[2]")
        .hasMessageContaining("[1]");
    assertThatThrownBy(() -> ops.backward(List.of(y), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aListenerHearsBlocksAndNeuronLayers() {
    List<String> heard = new ArrayList<>();
    ops.listen(
        new TapeListener() {
          @Override
          public void block(String name, Tensor output) {
            heard.add(name + " " + output);
          }

          @Override
          public void spikes(String neuron, Tensor spikes) {
            heard.add(neuron + " " + spikes);
          }
        });
    WeightLayer layer = checks.layer(Kind.DENSE, 2, 2, 1, 1, 0, checks.norm("bn", 2));
    Tensor x = checks.real(3, 2);

    ops.addLayer(x, ops.layerSpikes(x, layer, "neuron", 4, 0.25), layer, "branch");
    ops.observe("block", x);

    assertThat(heard).containsExactly("neuron SPIKES[3, 2]", "branch F64[3, 2]", "block F64[3, 2]");
  }
}
