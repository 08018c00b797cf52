package org.spike2former.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {
  private static final byte[] NUMBERS = {0, 1, 127, -1};

  @Test
  void labelsAreUnsignedBytes() {
    Tensor labels = Tensor.labels(NUMBERS, 2, 2);
    assertThat(labels.dtype().isReal()).isFalse();
    assertThat(labels.get(3)).isEqualTo(255);
    assertThat(labels.to(DType.F32).floats()).containsExactly(0, 1, 127, 255);
    assertThat(labels.copy().bitEquals(labels)).isTrue();
    assertThat(labels).hasToString("LABELS[2, 2]");
  }

  @Test
  void labelsAreNoSpikes() {
    Tensor labels = Tensor.labels(NUMBERS, 2, 2);
    Tensor spikes = Tensor.spikes(NUMBERS, 1, 2, 2);
    assertThat(labels.bitEquals(spikes)).isFalse();
    assertThatThrownBy(() -> labels.rescaled(0.5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a tensor of LABELS was used as SPIKES");
    assertThatThrownBy(() -> spikes.to(DType.LABELS)).isInstanceOf(IllegalArgumentException.class);
  }
}
