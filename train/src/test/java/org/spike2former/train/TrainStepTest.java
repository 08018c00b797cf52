package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.model.Initialiser;
import org.spike2former.model.ModelConfig;
import org.spike2former.model.ModelConfig.BackboneConfig;
import org.spike2former.model.ModelConfig.HeadConfig;
import org.spike2former.model.ModelConfig.NeuronConfig;
import org.spike2former.model.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.ModelConfig.TransformerDecoderConfig;
import org.spike2former.model.Spike2Former;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class TrainStepTest {
  private static final int SIZE = 32;

  private final Workers workers = new Workers(2);

  @AfterEach
  void stop() {
    workers.close();
  }

  private static Spike2Former network(DType type) {
    NeuronConfig neuron = new NeuronConfig(4, 4, 0.0);
    Spike2Former network =
        new Spike2Former(
            new ModelConfig(
                new BackboneConfig("sdtv2", List.of(8, 8, 8, 16), 2, 2, 1, neuron),
                new PixelDecoderConfig(8, 1, 2, 3, 8),
                new TransformerDecoderConfig(3, 2, 8, 4),
                new HeadConfig(3, 4, neuron)));
    Initialiser.fill(network.parameters(), 1);
    TrainStep.convert(network, type);
    return network;
  }

  private TrainStep step(Spike2Former network, DType type) {
    return new TrainStep(
        network,
        Backends.createForTraining("auto", type, workers),
        new Criterion(CriterionConfig.of(3), workers),
        new AdamW(network.parameters(), AdamWConfig.release(1e-3, 0.005), workers),
        new GradientClip(0.1),
        WarmUpPoly.linear(0, 10),
        workers);
  }

  private static Tensor images() {
    SplittableRandom random = new SplittableRandom(5);
    float[] x = new float[2 * SIZE * SIZE * 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return Tensor.of(x, 2, SIZE, SIZE, 3);
  }

  private static Tensor labels() {
    byte[] x = new byte[2 * SIZE * SIZE];
    for (int i = 0; i < x.length; i++) {
      x[i] = (byte) (i % SIZE / 12);
    }
    return Tensor.spikes(x, 1, 2, SIZE, SIZE);
  }

  /** Storage goes from run to run, gradients that wait for an update excepted. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void gradientsAddUp(DType type) {
    Spike2Former network = network(type);
    TrainStep step = step(network, type);
    step.accumulate(images(), labels());
    List<Tensor> single = new ArrayList<>();
    for (Parameter parameter : network.parameters().all()) {
      Tensor gradient = step.gradient(parameter);
      single.add(gradient == null ? null : gradient.copy());
    }
    for (int i = 1; i < 4; i++) {
      step.accumulate(images(), labels());
    }
    int i = 0;
    for (Parameter parameter : network.parameters().all()) {
      Tensor before = single.get(i++);
      if (parameter.trainable()) {
        Tensor sum = step.gradient(parameter);
        for (int k = 0; k < before.size(); k++) {
          double four = 4 * before.get(k);
          assertThat(sum.get(k))
              .as(parameter.name())
              .isCloseTo(four, within(1e-6 * Math.abs(four)));
        }
      }
    }
    TrainStep.Update update = step.update(0);
    Spike2Former other = network(type);
    TrainStep once = step(other, type);
    once.accumulate(images(), labels());
    double norm = once.update(0).gradientNorm();
    assertThat(update.gradientNorm()).isCloseTo(norm, within(1e-6 * norm));
    assertThat(update.applied()).isTrue();
  }

  @Test
  void stepsLowerTheLoss() {
    TrainStep step = step(network(DType.F32), DType.F32);
    double first = step.accumulate(images(), labels()).total();
    double last = first;
    for (int i = 0; i < 8; i++) {
      step.update(i);
      last = step.accumulate(images(), labels()).total();
    }
    assertThat(last).isLessThan(0.9 * first);
  }

  @Test
  void aNormThatIsNotFiniteLeavesTheWeights() {
    Spike2Former network = network(DType.F32);
    TrainStep step = step(network, DType.F32);
    step.accumulate(images(), labels());
    Parameter weight = network.parameters().get("decode_head.cls_embed.weight");
    Tensor before = weight.value().copy();
    step.gradient(weight).floats()[0] = Float.POSITIVE_INFINITY;
    assertThat(step.update(0).applied()).isFalse();
    assertThat(weight.value().bitEquals(before)).isTrue();
    assertThatThrownBy(() -> step.update(1)).hasMessage("an update without a batch");
  }
}
