package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WorkersTest {
  @Property(tries = 100)
  void everyItemIsDoneOnceInPartsOfTheGrain(
      @ForAll @IntRange(min = 1, max = 9) int threads,
      @ForAll @IntRange(max = 300) int items,
      @ForAll @IntRange(min = 1, max = 40) int grain) {
    try (Workers workers = new Workers(threads)) {
      for (int run = 0; run < 3; run++) {
        AtomicIntegerArray times = new AtomicIntegerArray(items);
        workers.run(
            items,
            grain,
            (from, to) -> {
              assertThat(from % grain).isZero();
              assertThat(to % grain == 0 || to == items).isTrue();
              for (int i = from; i < to; i++) {
                times.incrementAndGet(i);
              }
            });
        for (int i = 0; i < items; i++) {
          assertThat(times.get(i)).as("item %d", i).isOne();
        }
      }
    }
  }

  @Property(tries = 50)
  void aFailureOfAnyPartIsThrownAndTheNextRunIsWhole(
      @ForAll @IntRange(min = 1, max = 5) int threads,
      @ForAll @IntRange(min = 1, max = 100) int items,
      @ForAll @IntRange(max = 99) int broken) {
    try (Workers workers = new Workers(threads)) {
      int at = broken % items;
      assertThatThrownBy(
              () ->
                  workers.run(
                      items,
                      1,
                      (from, to) -> {
                        if (from <= at && at < to) {
                          throw new IllegalStateException("item " + at);
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("item " + at);
      AtomicIntegerArray times = new AtomicIntegerArray(1);
      workers.run(items, 1, (from, to) -> times.addAndGet(0, to - from));
      assertThat(times.get(0)).isEqualTo(items);
    }
  }
}
