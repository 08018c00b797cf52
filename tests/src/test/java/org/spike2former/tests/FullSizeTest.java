package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.Spike2Former.Prediction;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** The ADE20K networks with random weights at 512×512, in the tests' heap of 2 GB. */
@Tag("slow")
class FullSizeTest {
  private static final int SIDE = 512;

  @ParameterizedTest
  @CsvSource({
    "ade20k-sdtv2-15m, FLOAT",
    "ade20k-sdtv3-19m, FLOAT",
    "ade20k-sdtv2-15m, INT8",
    "ade20k-sdtv3-19m, INT8"
  })
  void bitsDoNotDependOnThreads(String name, WeightType weights) throws IOException {
    assertThat(Runtime.getRuntime().maxMemory()).isLessThanOrEqualTo(2L << 30);
    ModelConfig config = ModelConfig.read(S2f.ROOT.resolve("configs/models/" + name + ".json"));
    Spike2Former network = new Spike2Former(config);
    Initialiser.fill(network.parameters(), 1);
    float[] pixels = new float[SIDE * SIDE * 3];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    Tensor image = Tensor.of(pixels, 1, SIDE, SIDE, 3);
    Tensor two = logits(network, image, weights, 2);
    assertThat(two.shape()).containsExactly(1, SIDE, SIDE, 150);
    boolean finite = true;
    for (float logit : two.floats()) {
      finite &= Float.isFinite(logit);
    }
    assertThat(finite).isTrue();
    assertThat(logits(network, image, weights, 1).bitEquals(two)).isTrue();
  }

  private static Tensor logits(
      Spike2Former network, Tensor image, WeightType weights, int threads) {
    try (Workers workers = new Workers(threads)) {
      Ops ops = Backends.create(Backend.AUTO, Precision.F32, weights, workers);
      Prediction prediction = network.predict(ops, image);
      return network.semanticLogits(ops, prediction, 1, SIDE, SIDE);
    }
  }
}
