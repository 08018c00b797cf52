package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.InterceptingOps;
import org.spike2former.tensor.OpCall;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightType;

/** Whatever ends the run of one image, those after it are what they would be without it. */
class BrokenRunsTest {
  private static final BufferedImage SMALL = TinySegmenter.image(20, 17, 1);
  private static final BufferedImage LARGE = TinySegmenter.image(32, 24, 2);

  /** Passes operations on, and fails before or after one of them. */
  private static final class Failing extends InterceptingOps {
    private int left = Integer.MAX_VALUE;
    private boolean afterwards;
    private Throwable failure;
    private int interruptAt = Integer.MAX_VALUE;
    private int done;

    Failing(Ops ops) {
      super(ops, true);
    }

    void failAt(int operation, boolean after, Throwable with) {
      left = operation;
      afterwards = after;
      failure = with;
    }

    @Override
    protected Tensor intercept(OpCall call) {
      return run(() -> call.on(delegate()));
    }

    @Override
    public Tensor observe(String block, Tensor output) {
      return run(() -> super.observe(block, output));
    }

    @Override
    public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
      return run(() -> super.observeSpikes(neuron, potential, spikes));
    }

    void interruptAt(int operation) {
      interruptAt = operation;
    }

    private Tensor run(Supplier<Tensor> operation) {
      if (interruptAt-- == 0) {
        Thread.currentThread().interrupt();
      }
      boolean fails = left-- == 0;
      if (fails && !afterwards) {
        fail();
      }
      Tensor result = operation.get();
      if (fails) {
        fail();
      }
      done++;
      return result;
    }

    private void fail() {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  private static Failing breakable(Segmenter segmenter) {
    Failing failing = new Failing(segmenter.ops());
    segmenter.runWith(Program.runner(failing), "failing");
    return failing;
  }

  private static Throwable failure(int number) {
    return switch (number % 3) {
      case 0 -> new OutOfMemoryError("no room");
      case 1 -> new IllegalStateException("broken");
      default -> new StackOverflowError("deep");
    };
  }

  private static String digest(SegmenterOptions options, BufferedImage image) {
    try (Segmenter fresh = TinySegmenter.of(options)) {
      return fresh.segment(image).labelsDigest();
    }
  }

  @ParameterizedTest
  @CsvSource({"F32, FLOAT, PLAIN", "F64, FLOAT, PLAIN", "F32, INT8, PLAIN", "F64, FLOAT, SPIKES"})
  void anyOperationMayFail(Precision real, WeightType weights, Arithmetic arithmetic) {
    SegmenterOptions options =
        SegmenterOptions.builder()
            .backend(Backend.SCALAR)
            .precision(real)
            .weights(weights)
            .arithmetic(arithmetic)
            .threads(1)
            .build();
    String small = digest(options, SMALL);
    String large = digest(options, LARGE);
    int operations = operations(options);
    assertThat(operations).isGreaterThan(100);
    int step = options.equals(TinySegmenter.OPTIONS) ? 1 : 11;
    try (Segmenter planned = TinySegmenter.of(options)) {
      Failing failsLater = breakable(planned);
      planned.segment(LARGE);
      for (int n = 0; n < operations; n += step) {
        Throwable failure = failure(n);
        failsLater.failAt(n, n % 2 == 0, failure);
        assertThatThrownBy(() -> planned.segment(LARGE)).isSameAs(failure);
        assertThat(planned.segment(SMALL).labelsDigest()).as("after %d", n).isEqualTo(small);
        try (Segmenter fresh = TinySegmenter.of(options)) {
          breakable(fresh).failAt(n, n % 2 == 0, failure);
          assertThatThrownBy(() -> fresh.segment(LARGE)).isSameAs(failure);
          assertThat(fresh.segment(SMALL).labelsDigest()).as("after %d", n).isEqualTo(small);
          assertThat(fresh.segment(LARGE).labelsDigest()).as("after %d", n).isEqualTo(large);
        }
      }
    }
  }

  private static int operations(SegmenterOptions options) {
    try (Segmenter segmenter = TinySegmenter.of(options)) {
      Failing counting = breakable(segmenter);
      segmenter.segment(LARGE);
      return counting.done;
    }
  }

  /** Other kinds of work fail and follow. */
  @Test
  void logitsMayFollowALabelMapThatFailed() {
    SegmenterOptions options = TinySegmenter.OPTIONS;
    String expected;
    try (Segmenter fresh = TinySegmenter.of(options)) {
      expected = fresh.segment(SMALL, Keep.LOGITS).digest();
    }
    int operations = operations(options);
    for (int n = 0; n < operations; n += 15) {
      try (Segmenter segmenter = TinySegmenter.of(options)) {
        Failing failing = breakable(segmenter);
        Throwable failure = failure(n);
        failing.failAt(n, false, failure);
        assertThatThrownBy(() -> segmenter.segment(LARGE)).isSameAs(failure);
        assertThat(segmenter.segment(SMALL, Keep.LOGITS).digest()).isEqualTo(expected);
        failing.failAt(n, true, failure);
        assertThatThrownBy(() -> segmenter.segment(LARGE, Keep.LOGITS)).isSameAs(failure);
        assertThat(segmenter.segment(SMALL, Keep.LOGITS).digest()).isEqualTo(expected);
      }
    }
  }

  @Test
  void segmentsMayFollowWhatFailed() {
    String expected;
    try (Segmenter fresh = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      expected = segments(fresh, SMALL);
    }
    int operations = operations(TinySegmenter.OPTIONS);
    for (int n = 0; n < operations - 1; n += 15) {
      try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
        Failing failing = breakable(segmenter);
        Throwable failure = failure(n);
        failing.failAt(n, false, failure);
        assertThatThrownBy(() -> segmenter.segment(LARGE)).isSameAs(failure);
        assertThat(segments(segmenter, SMALL)).isEqualTo(expected);
        failing.failAt(n, true, failure);
        assertThatThrownBy(() -> segments(segmenter, LARGE)).isSameAs(failure);
        assertThat(segments(segmenter, SMALL)).isEqualTo(expected);
        failing.failAt(n, false, failure);
        assertThatThrownBy(() -> segmenter.instances(LARGE)).isSameAs(failure);
        assertThat(segments(segmenter, SMALL)).isEqualTo(expected);
      }
    }
  }

  private static String segments(Segmenter segmenter, BufferedImage image) {
    return segmenter.panoptic(image, TinySegmenter.LENIENT, null).digest()
        + segmenter.instances(image, TinySegmenter.LENIENT, null).digest();
  }

  @Test
  void anInterruptedThreadStopsAndStaysInterrupted() {
    String expected = digest(TinySegmenter.OPTIONS, SMALL);
    try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      String segments = segments(segmenter, SMALL);
      List<Runnable> calls =
          List.of(
              () -> segmenter.segment(SMALL),
              () -> segmenter.segment(SMALL, Keep.LOGITS),
              () -> segmenter.panoptic(SMALL),
              () -> segmenter.instances(SMALL));
      for (Runnable call : calls) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(call::run).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(segmenter.segment(SMALL).labelsDigest()).isEqualTo(expected);
        assertThat(segments(segmenter, SMALL)).isEqualTo(segments);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F32, FLOAT, PLAIN, 1", "F32, INT8, PLAIN, 2", "F32, FLOAT, SPIKES, 2"})
  void anInterruptionEndsTheRunAtTheNextOperation(
      Precision real, WeightType weights, Arithmetic arithmetic, int threads) {
    SegmenterOptions options =
        SegmenterOptions.builder()
            .backend(Backend.VECTOR)
            .precision(real)
            .weights(weights)
            .arithmetic(arithmetic)
            .threads(threads)
            .build();
    String small = digest(options, SMALL);
    String large = digest(options, LARGE);
    int operations = operations(options);
    try (Segmenter segmenter = TinySegmenter.of(options)) {
      Failing interrupting = breakable(segmenter);
      for (int n = 0; n < operations / 2; n += 7) {
        interrupting.interruptAt(n);
        int done = interrupting.done;
        assertThatThrownBy(() -> segmenter.segment(LARGE))
            .isInstanceOf(CancellationException.class)
            .hasMessage("the thread was interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupting.done - done).isLessThan(operations - 1);
        assertThat(segmenter.segment(SMALL).labelsDigest()).as("after %d", n).isEqualTo(small);
        assertThat(segmenter.segment(LARGE).labelsDigest()).as("after %d", n).isEqualTo(large);
      }
    }
  }

  @Test
  void aCallWhoseTimeIsOverEndsAndOthersFollow() {
    SegmenterOptions hurried =
        SegmenterOptions.builder().threads(1).timeLimit(Duration.ofNanos(1)).build();
    try (Segmenter segmenter = TinySegmenter.of(hurried)) {
      assertThatThrownBy(() -> segmenter.segment(SMALL))
          .isInstanceOf(TimeLimitException.class)
          .hasMessage("not done within the time limit of 0 ms");
    }
    SegmenterOptions patient =
        SegmenterOptions.builder().threads(1).timeLimit(Duration.ofDays(200_000)).build();
    try (Segmenter segmenter = TinySegmenter.of(patient)) {
      assertThat(segmenter.segment(SMALL).labelsDigest())
          .isEqualTo(digest(TinySegmenter.OPTIONS, SMALL));
    }
  }
}
