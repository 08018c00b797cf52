package org.spike2former.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefetcherTest {
  private static Prefetcher<Long> of(Prefetcher.Maker<Long> maker) {
    return new Prefetcher<>(maker, 0, 6, 2, 3);
  }

  private static Throwable failure(int kind) {
    return switch (kind) {
      case 0 -> new IOException("broken");
      case 1 -> new IllegalStateException("broken");
      default -> new OutOfMemoryError("broken");
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whateverEndsOneTheOthersFollowInOrder(int kind) throws IOException {
    for (long bad = 0; bad < 6; bad++) {
      long broken = bad;
      Throwable failure = failure(kind);
      try (Prefetcher<Long> things = of(number -> made(number, number == broken, failure))) {
        for (long i = 0; i < 6; i++) {
          if (i == bad) {
            assertThatThrownBy(things::next).isSameAs(failure);
          } else {
            assertThat(things.next()).isEqualTo(i);
          }
        }
        assertThat(things.next()).isNull();
      }
    }
  }

  private static long made(long number, boolean fails, Throwable failure) throws IOException {
    if (fails) {
      switch (failure) {
        case IOException e -> throw e;
        case Error e -> throw e;
        default -> throw (RuntimeException) failure;
      }
    }
    return number;
  }

  /** Rather than to go on after the one that was waited for, in silence. */
  @Test
  void afterAnInterruptionItSaysThatItIsOver() throws IOException {
    for (int n = 0; n < 6; n++) {
      CountDownLatch hold = new CountDownLatch(1);
      int held = n;
      try (Prefetcher<Long> things =
          of(
              number -> {
                if (number == held) {
                  await(hold);
                }
                return number;
              })) {
        for (long i = 0; i < n; i++) {
          assertThat(things.next()).isEqualTo(i);
        }
        Thread.currentThread().interrupt();
        assertThatThrownBy(things::next)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("interrupted while waiting for data");
        assertThat(Thread.interrupted()).isTrue();
        hold.countDown();
        assertThatThrownBy(things::next)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("interrupted before; what follows is not made");
      }
    }
  }

  private static void await(CountDownLatch hold) {
    try {
      hold.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
