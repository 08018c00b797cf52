package org.spike2former.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

class GradientClipTest {
  @Test
  void factorIsPyTorchs() {
    GradientClip clip = new GradientClip(0.01);
    assertThat(clip.factor(5)).isEqualTo(0.01 / (5 + 1e-6));
    assertThat(clip.factor(0.001)).isEqualTo(1);
    assertThat(new GradientClip(Double.POSITIVE_INFINITY).factor(1e30)).isEqualTo(1);
  }

  @Test
  void normIsThatOfAllGradientsTogether() {
    try (Workers one = new Workers(1)) {
      List<Tensor> gradients =
          List.of(Tensor.of(new float[] {3, 0}, 2), Tensor.of(new double[] {-4}, 1, 1));
      assertThat(GradientClip.norm(gradients, one)).isEqualTo(5);
    }
  }

  @Test
  void normDoesNotDependOnThreads() {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[100_001];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    List<Tensor> gradients = List.of(Tensor.of(x, x.length), Tensor.of(x, x.length));
    try (Workers one = new Workers(1);
        Workers three = new Workers(3)) {
      assertThat(GradientClip.norm(gradients, three)).isEqualTo(GradientClip.norm(gradients, one));
    }
  }
}
