package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.dataset.Inference.SlidingWindow;
import org.spike2former.snn.spikedriven.OperationCounts;
import org.spike2former.snn.spikedriven.OperationKind;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;

/** Several threads on one segmenter. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedSegmenterTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 12;
  private static final int KINDS = 5;

  /** Runs programs, and says when several run at once or after the end. */
  private static final class Watched implements Program.Runner {
    private final Program.Runner runner;
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch go;
    private volatile int most;
    private volatile boolean closed;

    Watched(Ops ops, CountDownLatch go) {
      this.runner = Program.runner(ops);
      this.go = go;
    }

    @Override
    public Tensor run(Object kind, Object sizes, Program program, Tensor input) {
      most = Math.max(most, running.incrementAndGet());
      entered.countDown();
      try {
        go.await();
        assertThat(closed).isFalse();
        return runner.run(kind, sizes, program, input);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        running.decrementAndGet();
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static Object result(Segmenter segmenter, BufferedImage image, int number) {
    Inference windows = new Inference(null, new SlidingWindow(16, 24, 16, 20), List.of(1.0), true);
    return switch (number % KINDS) {
      case 0 -> segmenter.segment(image).labelsDigest();
      case 1 -> segmenter.segment(image, Keep.LOGITS).digest();
      case 2 -> segmenter.panoptic(image, TinySegmenter.LENIENT, null).digest();
      case 3 -> segmenter.instances(image, TinySegmenter.LENIENT, null).digest();
      default -> segmenter.segment(image, windows).labelsDigest();
    };
  }

  @ParameterizedTest
  @EnumSource(Arithmetic.class)
  void allResultsAreThoseOfOneThread(Arithmetic arithmetic) throws Exception {
    SegmenterOptions options =
        SegmenterOptions.builder()
            .backend(Backend.SCALAR)
            .arithmetic(arithmetic)
            .threads(1)
            .build();
    List<BufferedImage> images =
        List.of(
            TinySegmenter.image(20, 17, 1),
            TinySegmenter.image(32, 24, 2),
            TinySegmenter.image(17, 30, 3));
    List<Object> expected = new ArrayList<>();
    try (Segmenter alone = TinySegmenter.of(options)) {
      for (int i = 0; i < KINDS * images.size(); i++) {
        expected.add(result(alone, images.get(i / KINDS), i));
      }
    }
    try (Segmenter shared = TinySegmenter.of(options);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<Void>> outcomes = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        Callable<Void> task =
            () -> {
              start.await();
              for (int round = 0; round < ROUNDS; round++) {
                int i = (round * (thread + 1) + thread) % expected.size();
                assertThat(result(shared, images.get(i / KINDS), i)).isEqualTo(expected.get(i));
              }
              return null;
            };
        outcomes.add(threads.submit(task));
      }
      for (Future<Void> outcome : outcomes) {
        outcome.get(100, TimeUnit.SECONDS);
      }
    }
  }

  private static void awaitBlocked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aCallWaitsForTheOneInProgress() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    BufferedImage image = TinySegmenter.image(32, 32, 1);
    try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      Watched watched = new Watched(segmenter.ops(), go);
      segmenter.runWith(watched, "watched");
      Inference flipped = new Inference(null, null, List.of(1.0), true);
      List<Runnable> calls =
          List.of(
              () -> segmenter.segment(image),
              () -> segmenter.segment(image, Keep.LOGITS),
              () -> segmenter.segment(image, Inference.WHOLE),
              () -> segmenter.panoptic(image),
              () -> segmenter.instances(image),
              () -> segmenter.segment(image, flipped));
      List<Thread> threads = new ArrayList<>();
      for (Runnable call : calls) {
        threads.add(new Thread(call));
        threads.getLast().start();
      }
      watched.entered.await();
      threads.forEach(SharedSegmenterTest::awaitBlocked); // one at the latch, others at the lock
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(watched.most).isEqualTo(1);
    }
  }

  @Test
  void closeWaitsAndNothingComesAfterIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    BufferedImage image = TinySegmenter.image(32, 32, 1);
    Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS);
    String expected = segmenter.segment(image).labelsDigest();
    Watched watched = new Watched(segmenter.ops(), go);
    segmenter.runWith(watched, "watched");
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<String> call = threads.submit(() -> segmenter.segment(image).labelsDigest());
      watched.entered.await();
      Thread closing = new Thread(segmenter::close);
      closing.start();
      awaitBlocked(closing);
      assertThat(watched.closed).isFalse();
      go.countDown();
      assertThat(call.get()).isEqualTo(expected);
      closing.join();
    }
    assertThat(watched.closed).isTrue();
    segmenter.close();
    Inference windows = new Inference(null, new SlidingWindow(16, 24, 16, 20), List.of(1.0), false);
    List<Runnable> calls =
        List.of(
            () -> segmenter.segment(image),
            () -> segmenter.segment(image, Keep.LOGITS),
            () -> segmenter.segment(image, Inference.WHOLE),
            () -> segmenter.panoptic(image),
            () -> segmenter.instances(image),
            () -> segmenter.segment(image, windows),
            () -> segmenter.runWith(watched, "again"));
    for (Runnable call : calls) {
      assertThatIllegalStateException()
          .isThrownBy(call::run)
          .withMessage("the segmenter is closed");
    }
    assertThat(segmenter.describe()).isEqualTo("watched");
  }

  @Test
  void noThreadIsLeftAfterTheEnd() {
    try (Segmenter warm = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      warm.segment(TinySegmenter.image(32, 32, 1));
    }
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Segmenter segmenter =
        TinySegmenter.of(SegmenterOptions.builder().backend(Backend.SCALAR).threads(5).build());
    segmenter.segment(TinySegmenter.image(64, 64, 1), Keep.LOGITS, Keep.QUERIES).overlay();
    Set<Thread> during = new HashSet<>(Thread.getAllStackTraces().keySet());
    segmenter.close();
    during.removeAll(before);
    assertThat(during).hasSizeGreaterThanOrEqualTo(4);
    assertThat(during).filteredOn(Thread::isAlive).isEmpty();
  }

  @Test
  void countsStayAsTheyWere() {
    SegmenterOptions options =
        SegmenterOptions.builder()
            .backend(Backend.SCALAR)
            .arithmetic(Arithmetic.SPIKES)
            .threads(1)
            .build();
    try (Segmenter segmenter = TinySegmenter.of(options)) {
      segmenter.segment(TinySegmenter.image(32, 32, 1));
      OperationCounts counts = segmenter.operations().orElseThrow();
      OperationKind kind = OperationKind.NEURON_FED;
      long additions = counts.additions(kind);
      segmenter.segment(TinySegmenter.image(64, 64, 1));
      assertThat(counts.additions(kind)).isEqualTo(additions);
      assertThat(segmenter.operations().orElseThrow().additions(kind)).isGreaterThan(additions);
    }
  }
}
