package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.InterceptingOps;
import org.spike2former.tensor.OpCall;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/** A run on a small image before the first one on a large image. */
class RehearsalTest {
  private static final SegmenterOptions OPTIONS =
      SegmenterOptions.builder().backend(Backend.VECTOR).threads(2).build();

  /** Writes down how large the input of each run is, by the first operation that reads it. */
  private static final class RunLog extends InterceptingOps {
    private final List<Integer> sizes = new ArrayList<>();
    private boolean begun;

    RunLog(Ops delegate) {
      super(delegate, true);
    }

    @Override
    public void beginRun(boolean reuse, Object kind) {
      super.beginRun(reuse, kind);
      begun = true;
    }

    @Override
    protected Tensor intercept(OpCall call) {
      if (begun) {
        sizes.add(call.tensors().getFirst().size());
        begun = false;
      }
      return call.on(delegate());
    }
  }

  private static Tensor input(int height, int width) {
    return Tensor.of(new float[height * width * 3], 1, height, width, 3);
  }

  @Test
  void onlyTheFirstRunOfAKindOnALargeImageIsRehearsed() {
    try (Workers workers = new Workers(2)) {
      RunLog ops = new RunLog(Backends.create(Backend.VECTOR, Precision.F32, workers));
      NetworkRuns runs = new NetworkRuns(TinySegmenter.network(), ops);
      runs.labels(input(400, 336));
      runs.labels(input(400, 336));
      runs.logits(input(40, 33));
      runs.logits(input(400, 336));
      int large = 400 * 336 * 3;
      assertThat(ops.sizes).containsExactly(32 * 32 * 3, large, large, 40 * 33 * 3, large);
    }
  }

  @Test
  void anotherRunnerSeesNone() {
    try (Workers workers = new Workers(2)) {
      Ops ops = Backends.create(Backend.VECTOR, Precision.F32, workers);
      NetworkRuns runs = new NetworkRuns(TinySegmenter.network(), ops);
      List<Integer> sizes = new ArrayList<>();
      Program.Runner plain = Program.runner(ops);
      runs.runWith(
          (kind, sizesToo, program, x) -> {
            sizes.add(x.size());
            return plain.run(kind, sizesToo, program, x);
          });
      runs.labels(input(400, 336));
      assertThat(sizes).containsExactly(400 * 336 * 3);
    }
  }

  /** Padded on no side, below, on the right, and on both. */
  @ParameterizedTest
  @ValueSource(strings = {"384x352", "384x340", "370x352", "371x357"})
  void resultsAreThoseAfterASmallImage(String size) {
    int width = Integer.parseInt(size.substring(0, 3));
    int height = Integer.parseInt(size.substring(4));
    BufferedImage large = TinySegmenter.image(width, height, 1);
    BufferedImage small = TinySegmenter.image(width - 320, height - 320, 2);
    List<Function<BufferedImage, Function<Segmenter, String>>> works =
        List.of(
            image -> s -> s.segment(image).labelsDigest(),
            image -> s -> s.segment(image, Keep.LOGITS).digest(),
            image -> s -> s.panoptic(image, TinySegmenter.LENIENT, null).digest());
    for (var work : works) {
      try (Segmenter rehearsing = TinySegmenter.of(OPTIONS, null, 32);
          Segmenter experienced = TinySegmenter.of(OPTIONS, null, 32)) {
        work.apply(small).apply(experienced);
        assertThat(work.apply(large).apply(rehearsing))
            .isEqualTo(work.apply(large).apply(experienced));
      }
    }
  }
}
