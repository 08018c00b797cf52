package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

class PlannedBuffersTest {
  private final PlannedBuffers buffers = new PlannedBuffers();

  private Tensor next(int length, Tensor... inputs) {
    return Tensor.of(buffers.floats(length, inputs), length);
  }

  /** a → b → c → d, each reading the one before it, and d reading a too. */
  private Tensor[] run(int length) {
    buffers.beginRun(true, "abcd");
    Tensor a = next(length);
    Tensor b = next(length, a);
    Tensor c = next(length, b);
    Tensor[] all = {a, b, c, next(length, c, a)};
    buffers.endRun(true);
    return all;
  }

  /** The same, given up after so many requests, with a word or without one. */
  private void breakOff(int requests, boolean ended) {
    buffers.beginRun(true, "abcd");
    Tensor a = requests > 0 ? next(5) : null;
    Tensor b = requests > 1 ? next(5, a) : null;
    Tensor c = requests > 2 ? next(5, b) : null;
    if (requests > 3) {
      next(5, c, a);
    }
    if (ended) {
      buffers.endRun(false);
    }
  }

  private static void assertApart(Tensor... tensors) {
    for (int i = 0; i < tensors.length; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(tensors[i].floats()).isNotSameAs(tensors[j].floats());
      }
    }
  }

  @Test
  void storageIsHandedOnOnceItWasReadForTheLastTime() {
    assertApart(run(5));
    Tensor[] second = run(5);
    assertThat(second[3].floats()).isSameAs(second[1].floats());
    assertThat(second[2].floats()).isNotSameAs(second[0].floats()).isNotSameAs(second[1].floats());
    Tensor[] third = run(5);
    for (Tensor x : third) {
      assertThat(second).anyMatch(y -> y.floats() == x.floats());
    }
  }

  /** a is read by d, which an unfinished run does not show. */
  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "2, true", "2, false", "3, true", "3, false", "4, true"})
  void aRunThatBreaksOffIsNoPlan(int requests, boolean ended) {
    breakOff(requests, ended);
    assertApart(run(5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void aPlannedRunThatBreaksOffLeavesNothingBehind(int requests) {
    run(5);
    Tensor[] before = run(5);
    for (boolean ended : new boolean[] {false, true}) {
      breakOff(requests, ended);
      Tensor[] after = run(5);
      assertApart(after[0], after[1], after[2]);
      assertThat(after[3].floats()).isSameAs(after[1].floats());
      assertThat(before).noneMatch(x -> x.floats() == after[0].floats());
    }
  }

  @Test
  void eachKindOfRunHasItsPlan() {
    for (int i = 0; i < 3; i++) {
      run(5);
      buffers.beginRun(true, "abb");
      Tensor a = next(5);
      Tensor b = next(5, a);
      assertApart(a, b, next(5, b, a));
      buffers.endRun(true);
    }
    Tensor[] last = run(5);
    assertThat(last[3].floats()).isSameAs(last[1].floats());
  }

  @Test
  void kindsShareStorage() {
    run(5);
    Tensor[] planned = run(5);
    buffers.beginRun(true, "a");
    float[] other = next(5).floats();
    buffers.endRun(true);
    assertThat(planned).anyMatch(x -> x.floats() == other);
  }

  @Test
  void outsideOfRunsStorageIsFresh() {
    run(5);
    Tensor[] planned = run(5);
    float[] between = next(5).floats();
    assertThat(planned).noneMatch(x -> x.floats() == between);
    for (Tensor x : run(5)) {
      assertThat(x.floats()).isNotSameAs(between);
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
    buffers.beginRun(false, "abcd");
    float[] fresh = next(5).floats();
    assertThat(kept).noneMatch(x -> x.floats() == fresh);
  }

  /**
   * b and c come over a, which d does not read; b reads a by one input or by both, and a is read by
   * d as well or not.
   */
  private Tensor[] runOver(boolean twice, boolean readLater) {
    buffers.beginRun(true, List.of(twice, readLater));
    Tensor a = next(5);
    Tensor x = next(5);
    Tensor b = buffers.over(a, twice ? a : x);
    Tensor[] all = {a, x, b, readLater ? next(5, b, a) : next(5, b), next(5)};
    buffers.endRun(true);
    return all;
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void aResultComesOverWhatNobodyElseReads(boolean twice, boolean readLater) {
    assertApart(runOver(twice, readLater));
    for (int i = 0; i < 3; i++) {
      Tensor[] all = runOver(twice, readLater);
      assertThat(all[2].floats() == all[0].floats()).isEqualTo(!twice && !readLater);
      assertThat(all[3].floats()).isNotSameAs(all[2].floats());
      assertThat(all[3].floats() == all[0].floats()).isEqualTo(twice && !readLater);
    }
  }

  @Test
  void whatCameFromElsewhereIsNotWrittenOver() {
    Tensor image = Tensor.of(new float[5], 5);
    for (int i = 0; i < 3; i++) {
      buffers.beginRun(true, "image");
      assertThat(buffers.over(image, next(5)).floats()).isNotSameAs(image.floats());
      buffers.endRun(true);
    }
    assertThat(buffers.over(image, image).floats()).isNotSameAs(image.floats());
  }

  @Test
  void anotherNetworkIsRefused() {
    run(5);
    buffers.beginRun(true, "abcd");
    Tensor a = next(5);
    next(5, a);
    assertThatIllegalStateException()
        .isThrownBy(() -> next(5, a))
        .withMessageContaining("operation 2 reads other tensors than in the first run");
  }

  @Test
  void aLongerRunIsRefused() {
    run(5);
    buffers.beginRun(true, "abcd");
    Tensor a = next(5);
    Tensor b = next(5, a);
    Tensor c = next(5, b);
    Tensor d = next(5, c, a);
    assertThatIllegalStateException()
        .isThrownBy(() -> next(5, d))
        .withMessageContaining("operation 4 reads other tensors");
  }

  /** No heap holds the second array. */
  @Test
  void idleStorageGoesBeforeMemoryRunsOut() {
    IdleStorage idle = new IdleStorage();
    float[] waiting = new float[7];
    idle.add(waiting);
    Buffers.Kind huge = new Buffers.Kind(DType.F64, Integer.MAX_VALUE);
    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> idle.take(huge));
    assertThat(idle.take(Buffers.Kind.of(waiting))).isNotSameAs(waiting);
  }
}
