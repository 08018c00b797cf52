package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.Task;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.panoptic.Instance;
import org.spike2former.model.panoptic.MaskFrame;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.panoptic.PostProcessing;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class PanopticSegmentationTest {
  private static final PanopticOptions LENIENT = TinySegmenter.LENIENT;
  private static final BufferedImage IMAGE = TinySegmenter.image(45, 37, 1);

  /** What the network and the post-processing give that are called one by one. */
  @Test
  void isWhatThePostProcessingMakesOfThePrediction() {
    double[] mean = {120, 110, 100};
    float[] pixels = new float[45 * 37 * 3];
    for (int i = 0; i < 45 * 37; i++) {
      int rgb = IMAGE.getRGB(i % 45, i / 45);
      for (int c = 0; c < 3; c++) {
        pixels[3 * i + c] = (float) (((rgb >> 16 - 8 * c & 255) - mean[c]) / 30);
      }
    }
    try (Workers workers = new Workers(1);
        Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      Ops ops = Backends.create(Backend.SCALAR, Precision.F32, workers);
      Spike2Former.Prediction found =
          TinySegmenter.network().predict(ops, Tensor.of(pixels, 1, 37, 45, 3));
      MaskFrame frame = new MaskFrame(37, 45, 37, 45, 37, 45);
      PostProcessing processing = new PostProcessing(TinySegmenter.THINGS, LENIENT, workers);
      PanopticMap map = processing.panoptic(found.classScores(), found.masks(), frame);
      PanopticSegmentation segmentation = segmenter.panoptic(IMAGE, LENIENT, null);
      assertThat(segmentation.map().ids()).isEqualTo(map.ids());
      assertThat(segmentation.segments()).isEqualTo(map.segments()).hasSizeGreaterThan(1);
      List<Instance> instances = processing.instances(found.classScores(), found.masks(), frame);
      assertThat(segmenter.instances(IMAGE, LENIENT, null).instances())
          .isEqualTo(instances)
          .isNotEmpty();
    }
  }

  @Test
  void describesItsSegments() {
    try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      PanopticSegmentation result = segmenter.panoptic(IMAGE, LENIENT, null);
      for (Segment segment : result.segments()) {
        boolean thing = segment.category() < TinySegmenter.THINGS;
        assertThat(segment.thing()).isEqualTo(thing);
        assertThat(result.name(segment)).isIn("car", "tree", "sky");
        assertThat(result.numbers().get(segment.id()) > 0).isEqualTo(thing);
        assertThat(segment.area())
            .isEqualTo(
                (int) Arrays.stream(result.map().ids()).filter(i -> i == segment.id()).count());
      }
      BufferedImage overlay = result.overlay();
      assertThat(overlay.getWidth()).isGreaterThan(640);
      assertThat(result.digest()).matches("[0-9a-f]{64}");
      assertThat(result).hasToString(result.segments().size() + " segments in 45x37 pixels");
      InstanceSegmentation instances = segmenter.instances(IMAGE, LENIENT, null);
      assertThat(instances.overlay().getWidth()).isGreaterThan(640);
      assertThat(instances.name(instances.instances().getFirst())).isIn("car", "tree");
      assertThat(instances.digest()).isNotEqualTo(result.digest());
    }
  }

  /** Padding on two sides, and a network that sees another size. */
  @Test
  void resultsAreOfTheImagesSize() {
    try (Segmenter segmenter =
        TinySegmenter.of(TinySegmenter.OPTIONS, new ResizeRule(24, 100), 32)) {
      PanopticMap map = segmenter.panoptic(IMAGE, LENIENT, null).map();
      assertThat(List.of(map.height(), map.width())).containsExactly(37, 45);
      for (Instance instance : segmenter.instances(IMAGE, LENIENT, null).instances()) {
        assertThat(instance.mask().height()).isEqualTo(37);
        assertThat(instance.mask().width()).isEqualTo(45);
      }
      assertThat(segmenter.panoptic(IMAGE, LENIENT, new ResizeRule(37, 100)).digest())
          .isNotEqualTo(segmenter.panoptic(IMAGE, LENIENT, null).digest());
    }
  }

  @ParameterizedTest
  @EnumSource(Arithmetic.class)
  void everyArithmeticFindsTheSame(Arithmetic arithmetic) {
    SegmenterOptions options =
        SegmenterOptions.builder()
            .backend(Backend.SCALAR)
            .precision(Precision.F64)
            .arithmetic(arithmetic)
            .threads(2)
            .build();
    try (Segmenter plain =
            TinySegmenter.of(
                SegmenterOptions.builder()
                    .backend(Backend.VECTOR)
                    .precision(Precision.F64)
                    .threads(1)
                    .build());
        Segmenter segmenter = TinySegmenter.of(options)) {
      assertThat(segmenter.panoptic(IMAGE, LENIENT, null).map().ids())
          .isEqualTo(plain.panoptic(IMAGE, LENIENT, null).map().ids());
      assertThat(segmenter.operations().isPresent()).isEqualTo(arithmetic != Arithmetic.PLAIN);
    }
  }

  @Test
  void whereNoQueryIsSureAllIsVoid() {
    try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      PanopticOptions strict = new PanopticOptions(0.999, null, true, 1);
      PanopticSegmentation result = segmenter.panoptic(IMAGE, strict, null);
      assertThat(result.segments()).isEmpty();
      assertThat(result.map().ids()).containsOnly(3);
      assertThat(result.overlay()).isNotNull();
      assertThat(segmenter.instances(IMAGE, strict, null).instances()).hasSizeLessThan(2);
    }
  }

  @Test
  void isRefusedWhereNoClassIsOneOfThings() {
    try (Segmenter segmenter = TinySegmenter.semantic()) {
      assertThat(segmenter.tasks()).containsExactly(Task.SEMANTIC);
      for (Runnable call :
          List.<Runnable>of(() -> segmenter.panoptic(IMAGE), () -> segmenter.instances(IMAGE))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessage(
                "the model's classes name no things, so semantic segmentation is all that it can"
                    + " do");
      }
      assertThat(segmenter.segment(IMAGE).labels().height()).isEqualTo(37);
    }
    try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      assertThat(segmenter.tasks()).isEqualTo(EnumSet.allOf(Task.class));
      assertThatThrownBy(() -> segmenter.panoptic(TinySegmenter.image(3, 3, 1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
