package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Tensor;

class PlannedBuffersTest {
  private final PlannedBuffers buffers = new PlannedBuffers();

  private Tensor next(int length, Tensor... inputs) {
    return Tensor.of(buffers.floats(length, inputs), length);
  }

  /** a → b → c → d, each reading the one before it, and d reading a too. */
  private Tensor[] run(int length) {
    buffers.beginRun(true);
    Tensor a = next(length);
    Tensor b = next(length, a);
    Tensor c = next(length, b);
    return new Tensor[] {a, b, c, next(length, c, a)};
  }

  @Test
  void storageIsHandedOnOnceItWasReadForTheLastTime() {
    Tensor[] first = run(5);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(first[i].floats()).isNotSameAs(first[j].floats());
      }
    }
    Tensor[] second = run(5);
    assertThat(second[3].floats()).isSameAs(second[1].floats());
    assertThat(second[2].floats()).isNotSameAs(second[0].floats()).isNotSameAs(second[1].floats());
    Tensor[] third = run(5);
    for (Tensor x : third) {
      assertThat(second).anyMatch(y -> y.floats() == x.floats());
    }
  }

  @Test
  void thePlanHoldsForOtherSizes() {
    run(5);
    Tensor[] larger = run(9);
    assertThat(larger[3].floats()).hasSize(9).isSameAs(larger[1].floats());
  }

  @Test
  void storageIsFreshWithoutReuse() {
    run(5);
    Tensor[] kept = run(5);
    buffers.beginRun(false);
    float[] fresh = next(5).floats();
    assertThat(kept).noneMatch(x -> x.floats() == fresh);
  }

  @Test
  void anotherNetworkIsRefused() {
    run(5);
    buffers.beginRun(true);
    Tensor a = next(5);
    next(5, a);
    assertThatIllegalStateException()
        .isThrownBy(() -> next(5, a))
        .withMessageContaining("operation 2 reads other tensors than in the first run");
  }
}
