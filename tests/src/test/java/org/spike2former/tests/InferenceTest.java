package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.LabelMap;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.dataset.Inference.SlidingWindow;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.Precision;

/** Windows, sizes and mirror images of the bundled model, compared with the whole image. */
class InferenceTest {
  private static Segmenter segmenter;
  private static BufferedImage street;
  private static LabelMap whole;

  @BeforeAll
  static void load() throws IOException {
    segmenter = load(Precision.F32);
    street = ImageFiles.read(S2f.ROOT.resolve("samples/street.jpg"));
    whole = segmenter.segment(street).labels();
  }

  private static Segmenter load(Precision precision) throws IOException {
    return Segmenter.load(
        S2f.ROOT.resolve("models/camvid-small"),
        SegmenterOptions.builder().precision(precision).threads(2).build());
  }

  @AfterAll
  static void close() {
    segmenter.close();
  }

  private static Inference with(SlidingWindow window, boolean flip, Double... ratios) {
    return new Inference(null, window, List.of(ratios), flip);
  }

  private static double agreement(LabelMap a, LabelMap b) {
    int same = 0;
    for (int i = 0; i < a.labels().length; i++) {
      same += a.labels()[i] == b.labels()[i] ? 1 : 0;
    }
    return (double) same / a.labels().length;
  }

  @Test
  void wholeIsTheUsualSegmentation() {
    assertThat(segmenter.segment(street, Inference.WHOLE).labels().labels())
        .isEqualTo(whole.labels());
  }

  /** One window holds all, be it as large as the image or larger. */
  @Test
  void aWindowThatHoldsTheImageIsTheImage() {
    for (SlidingWindow window :
        List.of(new SlidingWindow(180, 240, 60, 60), new SlidingWindow(512, 512, 341, 341))) {
      assertThat(segmenter.segment(street, with(window, false, 1.0)).labels().labels())
          .isEqualTo(whole.labels());
    }
  }

  /** Windows side by side are the parts of the image, each by itself. */
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"F32", "F64"})
  void windowsSideBySideAreParts(Precision precision) throws IOException {
    try (Segmenter other = load(precision)) {
      LabelMap tiled =
          other.segment(street, with(new SlidingWindow(180, 120, 180, 120), false, 1.0)).labels();
      Inference plain = new Inference(new ResizeRule(120, 640), null, List.of(1.0), false);
      for (int part = 0; part < 2; part++) {
        BufferedImage half = new BufferedImage(120, 180, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 180; y++) {
          for (int x = 0; x < 120; x++) {
            half.setRGB(x, y, street.getRGB(120 * part + x, y));
          }
        }
        LabelMap alone = other.segment(half, plain).labels();
        for (int y = 0; y < 180; y++) {
          for (int x = 0; x < 120; x++) {
            assertThat(tiled.label(y, 120 * part + x)).isEqualTo(alone.label(y, x));
          }
        }
      }
    }
  }

  @Test
  void overlappingWindowsAgreeMostly() {
    LabelMap slid =
        segmenter.segment(street, with(new SlidingWindow(128, 160, 50, 75), false, 1.0)).labels();
    assertThat(agreement(slid, whole)).isBetween(0.75, 0.9999);
  }

  /** The order of two addends does not matter, so this is exact. */
  @Test
  void mirroringTheImageMirrorsTheResult() {
    Inference both = with(null, true, 1.0);
    BufferedImage mirrored =
        new BufferedImage(street.getWidth(), street.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < street.getHeight(); y++) {
      for (int x = 0; x < street.getWidth(); x++) {
        mirrored.setRGB(x, y, street.getRGB(street.getWidth() - 1 - x, y));
      }
    }
    LabelMap one = segmenter.segment(street, both).labels();
    LabelMap two = segmenter.segment(mirrored, both).labels();
    for (int y = 0; y < one.height(); y++) {
      for (int x = 0; x < one.width(); x++) {
        assertThat(two.label(y, x)).isEqualTo(one.label(y, one.width() - 1 - x));
      }
    }
    assertThat(agreement(one, whole)).isBetween(0.8, 0.9999);
  }

  @Test
  void augmentationIsOfTheImagesSize() {
    LabelMap labels = segmenter.segment(street, Inference.WHOLE.withAugmentation()).labels();
    assertThat(labels.width()).isEqualTo(240);
    assertThat(labels.height()).isEqualTo(180);
    assertThat(agreement(labels, whole)).isBetween(0.7, 0.9999);
  }

  @Test
  void theRuleOfTheDataReplacesTheModels() {
    Inference large = new Inference(new ResizeRule(270, 640), null, List.of(1.0), false);
    assertThat(agreement(segmenter.segment(street, large).labels(), whole)).isBetween(0.5, 0.9999);
    // The model's own rule, 180 times 1.5.
    assertThat(segmenter.segment(street, with(null, false, 1.5)).labels().labels())
        .isEqualTo(segmenter.segment(street, large).labels().labels());
  }

  @Test
  void gapsAreRefused() {
    assertThatThrownBy(() -> new SlidingWindow(32, 32, 33, 32)).hasMessageContaining("larger");
    assertThatThrownBy(() -> new SlidingWindow(32, 32, 0, 32)).hasMessageContaining("not positive");
    assertThatThrownBy(() -> with(null, false, 0.0)).hasMessageContaining("ratios");
  }
}
