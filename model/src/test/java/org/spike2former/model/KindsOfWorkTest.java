package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.dataset.Inference.SlidingWindow;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.layer.WeightType;

/** One segmenter does all kinds of work in any order, as a fresh one would. */
class KindsOfWorkTest {
  private static final ResizeRule RESIZED = new ResizeRule(24, 200);

  /** What is left of a result. */
  private record Outcome(List<Byte> labels, String digest) {
    static Outcome of(Segmentation result, String digest) {
      List<Byte> labels = new ArrayList<>();
      for (byte label : result.labels().labels()) {
        labels.add(label);
      }
      return new Outcome(labels, digest);
    }
  }

  private static Inference with(
      ResizeRule resize, SlidingWindow window, boolean flip, Double... ratios) {
    return new Inference(resize, window, List.of(ratios), flip);
  }

  private static void add(
      Map<String, Function<Segmenter, Outcome>> works, BufferedImage image, String name) {
    works.put("labels of " + name, s -> Outcome.of(s.segment(image), ""));
    works.put(
        "logits of " + name,
        s -> {
          Segmentation result = s.segment(image, Keep.LOGITS);
          return Outcome.of(result, result.digest());
        });
    works.put(
        "queries of " + name,
        s -> {
          Segmentation result = s.segment(image, Keep.QUERIES);
          return Outcome.of(result, Arrays.toString(result.queries().mask(1).values()));
        });
    works.put(
        "segments of " + name,
        s -> new Outcome(List.of(), s.panoptic(image, TinySegmenter.LENIENT, null).digest()));
    works.put(
        "instances of " + name,
        s -> new Outcome(List.of(), s.instances(image, TinySegmenter.LENIENT, null).digest()));
    works.put(
        "resized segments of " + name,
        s -> new Outcome(List.of(), s.panoptic(image, TinySegmenter.LENIENT, RESIZED).digest()));
    Map<String, Inference> inferences = new LinkedHashMap<>();
    inferences.put("windows", with(null, new SlidingWindow(24, 32, 16, 20), false, 1.0));
    inferences.put("sizes", with(null, null, true, 0.75));
    inferences.put("resized", with(RESIZED, null, false, 1.0));
    inferences.put("larger", with(null, null, false, 1.5));
    inferences.forEach(
        (what, inference) ->
            works.put(what + " of " + name, s -> Outcome.of(s.segment(image, inference), "")));
  }

  /** Sizes that are padded on no side, below, on the right, and on both. */
  @ParameterizedTest
  @CsvSource({"F32, FLOAT, PLAIN", "F32, INT8, PLAIN", "F64, FLOAT, PLAIN", "F32, FLOAT, SPIKES"})
  void anyOrderGivesTheBitsOfAFreshSegmenter(
      Precision real, WeightType weights, Arithmetic arithmetic) {
    SegmenterOptions options =
        SegmenterOptions.builder()
            .backend(Backend.SCALAR)
            .precision(real)
            .weights(weights)
            .arithmetic(arithmetic)
            .threads(1)
            .build();
    Map<String, Function<Segmenter, Outcome>> works = new LinkedHashMap<>();
    boolean thorough = weights == WeightType.FLOAT && real == Precision.F32;
    add(works, TinySegmenter.image(32, 32, 1), "32×32");
    works.put("padded below", s -> Outcome.of(s.segment(TinySegmenter.image(32, 22, 2)), ""));
    if (thorough && arithmetic == Arithmetic.PLAIN) {
      add(works, TinySegmenter.image(29, 22, 3), "22×29");
      works.put("padded right", s -> Outcome.of(s.segment(TinySegmenter.image(21, 32, 4)), ""));
    }
    Map<String, Outcome> expected = new LinkedHashMap<>();
    works.forEach(
        (name, work) -> {
          try (Segmenter fresh = TinySegmenter.of(options, null, 16)) {
            expected.put(name, work.apply(fresh));
          }
        });
    try (Segmenter segmenter = TinySegmenter.of(options, null, 16)) {
      for (String first : works.keySet()) {
        for (String second : works.keySet()) {
          for (String name : List.of(first, second)) {
            assertThat(works.get(name).apply(segmenter))
                .as("%s; %s after %s", name, second, first)
                .isEqualTo(expected.get(name));
          }
        }
      }
    }
  }

  /** 64 → 48 pixels, padded to 64 again: the network's input is as large as the image. */
  @Test
  void paddingMayMakeUpForWhatRescalingTook() {
    BufferedImage image = TinySegmenter.image(64, 64, 5);
    try (Segmenter segmenter =
        TinySegmenter.of(TinySegmenter.OPTIONS, new ResizeRule(48, 100), 32)) {
      Segmentation withLogits = segmenter.segment(image, Keep.LOGITS);
      assertThat(withLogits.logits().shape()).containsExactly(1, 48, 48, 3);
      assertThat(segmenter.segment(image).labels().labels())
          .isEqualTo(withLogits.labels().labels());
    }
  }
}
