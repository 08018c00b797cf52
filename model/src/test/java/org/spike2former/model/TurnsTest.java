package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spike2former.tensor.cpu.Workers;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnsTest {
  private final Workers workers = new Workers(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void tidy() {
    workers.close();
  }

  private Thread holder(Turns turns) throws InterruptedException {
    Thread thread = new Thread(() -> turns.take(this::hold));
    thread.start();
    begun.await();
    return thread;
  }

  private Void hold() {
    begun.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return null;
  }

  private static void awaitQueued(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theTimeLimitIncludesWaiting() throws Exception {
    Turns turns = new Turns(workers::checkBefore, Duration.ofMillis(5));
    Thread holder = holder(turns);
    assertThatThrownBy(() -> turns.take(() -> "never"))
        .isInstanceOf(TimeLimitException.class)
        .hasMessage("not done within the time limit of 5 ms");
    go.countDown();
    holder.join();
  }

  @Test
  void anInterruptedCallerLeavesTheQueueAndTheOthersFollowInOrder() throws Exception {
    Turns turns = new Turns(workers::checkBefore, null);
    Thread holder = holder(turns);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  turns.take(() -> order.add(number));
                } catch (CancellationException e) {
                  failure.set(e);
                  interrupted.set(Thread.currentThread().isInterrupted());
                }
              });
      thread.start();
      awaitQueued(thread);
      waiting.add(thread);
    }
    waiting.get(1).interrupt();
    waiting.get(1).join();
    assertThat(failure.get()).hasMessage("the thread was interrupted");
    assertThat(interrupted.get()).isTrue();
    go.countDown();
    for (Thread thread : waiting) {
      thread.join();
    }
    holder.join();
    assertThat(order).containsExactly(0, 2, 3);
  }

  @Test
  void nothingIsCheckedAfterATurn() {
    Turns turns = new Turns(workers::checkBefore, Duration.ofNanos(1));
    assertThatThrownBy(
            () ->
                turns.take(
                    () -> {
                      workers.run(1, 1, (_, _) -> {});
                      return null;
                    }))
        .isInstanceOf(TimeLimitException.class);
    workers.run(1, 1, (_, _) -> {});
  }
}
