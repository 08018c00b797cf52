package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.model.network.Spike2Former.Prediction;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class Spike2FormerTest {
  private final Ops ops = Backends.create(Backend.SCALAR, Precision.F64, new Workers(1));

  private static Tensor image(int batch, int height, int width) {
    SplittableRandom random = new SplittableRandom(5);
    double[] pixels = random.doubles((long) batch * height * width * 3, -2, 2).toArray();
    return Tensor.of(pixels, batch, height, width, 3);
  }

  private static Spike2Former network(String backbone, int timeSteps, double decay) {
    Spike2Former network = new Spike2Former(TinyModel.config(backbone, timeSteps, decay));
    Initialiser.fill(network.parameters(), 3);
    return network;
  }

  @ParameterizedTest
  @CsvSource({"sdtv2, 1, 0", "sdtv3, 1, 0", "sdtv2, 3, 0", "sdtv3, 2, 0.5"})
  void shapesFollowTheImage(String backbone, int timeSteps, double decay) {
    Spike2Former network = network(backbone, timeSteps, decay);
    Tensor image = image(2, 37, 50);
    Prediction all = network.predictAllStates(ops, image);
    assertThat(all.classScores().shape()).containsExactly(4 * 2, 4, 4);
    assertThat(all.masks().shape()).containsExactly(4 * 2, 19, 25, 4);
    Tensor logits = network.semanticLogits(ops, all, 2, 37, 50);
    assertThat(logits.shape()).containsExactly(2, 37, 50, 3);
    Prediction last = network.predict(ops, image);
    assertThat(network.semanticLogits(ops, last, 2, 37, 50).bitEquals(logits)).isTrue();
  }

  @Test
  void equalStepsWithoutMemoryChangeNothing() {
    Tensor image = image(1, 32, 32);
    Tensor one = network("sdtv2", 1, 0).predict(ops, image).classScores();
    Tensor four = network("sdtv2", 4, 0).predict(ops, image).classScores();
    assertThat(four.bitEquals(one)).isTrue();
  }

  /** The same frame at every step is an image; two that change places are not, with a memory. */
  @Test
  void framesAreSeenOneAfterAnother() {
    Tensor image = image(2, 32, 32);
    Tensor same = ops.repeat(image, 3).reshape(3, 2, 32, 32, 3);
    Spike2Former network = network("sdtv2", 3, 0.5);
    Prediction still = network.predict(ops, image);
    assertThat(network.predict(ops, same).masks().bitEquals(still.masks())).isTrue();

    Tensor one = image(3, 32, 32);
    Tensor first = ops.slice(one, 0, 1);
    Tensor second = ops.slice(one, 1, 2);
    Tensor third = ops.slice(one, 2, 3);
    Tensor forwards = one.reshape(3, 1, 32, 32, 3);
    Tensor backwards = ops.concat(List.of(third, second, first)).reshape(3, 1, 32, 32, 3);
    Tensor masks = network.predict(ops, forwards).masks();
    assertThat(network.predict(ops, backwards).masks().bitEquals(masks)).isFalse();
    assertThatThrownBy(() -> network.predict(ops, one.reshape(1, 3, 32, 32, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "the network has 3 time steps, its input [1, 3, 32, 32, 3] another number of frames");
  }

  @Test
  void imagesOfABatchDoNotMix() {
    Spike2Former network = network("sdtv2", 2, 0);
    Tensor both = image(2, 32, 40);
    Tensor second = ops.slice(both, 1, 2);
    Tensor together = ops.slice(network.predict(ops, both).masks(), 1, 2);
    assertThat(network.predict(ops, second).masks().bitEquals(together)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"sdtv2, 1, 0", "sdtv3, 1, 0", "sdtv2, 3, 0", "sdtv3, 2, 0.5"})
  void runsThatReuseStorageGiveTheSameBits(String backbone, int timeSteps, double decay) {
    Spike2Former network = network(backbone, timeSteps, decay);
    int[][] sizes = {{33, 40}, {33, 40}, {64, 32}, {33, 40}, {50, 37}, {50, 37}};
    for (String backend : List.of("scalar", "vector")) {
      Ops fresh = Backends.create(Backend.of(backend), Precision.F32, new Workers(1));
      Ops reusing = Backends.create(Backend.of(backend), Precision.F32, new Workers(2));
      for (int run = 0; run < sizes.length; run++) {
        Tensor image = fresh.multiply(image(1, sizes[run][0], sizes[run][1]), 1 + 0.3 * run);
        reusing.beginRun(true);
        Tensor expected = labels(network, fresh, image);
        Tensor found = labels(network, reusing, image);
        assertThat(found.bitEquals(expected)).as("run %d, %s", run, backend).isTrue();
      }
    }
  }

  private static Tensor labels(Spike2Former network, Ops ops, Tensor image) {
    Prediction prediction = network.predict(ops, image);
    return network.semanticLabels(ops, prediction, 1, image.dim(1), image.dim(2));
  }
}
