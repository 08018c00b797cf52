package org.spike2former.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.dataset.Trees;
import org.spike2former.data.metric.SegmentationMetrics.Metric;

class EvaluatorTest {
  @TempDir private Path root;

  @BeforeEach
  void writeImages() throws IOException {
    Trees.folder(root, "test", 5);
  }

  private Dataset dataset() throws IOException {
    return DataConfig.ofFolder(root, ClassTable.of(List.of("even", "odd"))).dataset("test");
  }

  private static LabelMap allEven(BufferedImage image) {
    return new LabelMap(
        image.getHeight(), image.getWidth(), new byte[image.getHeight() * image.getWidth()]);
  }

  @Test
  void countsOverAllImagesInOrder() throws IOException {
    List<Integer> seen = new ArrayList<>();
    Evaluator.Result result =
        Evaluator.evaluate(
            dataset(), EvaluatorTest::allEven, OnBadImage.FAIL, (i, _, _) -> seen.add(i));
    assertThat(seen).containsExactly(0, 1, 2, 3, 4);
    assertThat(result.images()).isEqualTo(5);
    assertThat(result.metrics().value(Metric.IOU, 0)).isEqualTo(0.6);
    assertThat(result.metrics().value(Metric.IOU, 1)).isZero();
    assertThat(result.metrics().pixelAccuracy()).isEqualTo(0.6);
  }

  @Test
  void thePredictorGetsTheImage() throws IOException {
    List<Integer> reds = new ArrayList<>();
    Evaluator.evaluate(
        dataset(),
        image -> {
          reds.add(image.getRGB(5, 5) >> 16 & 0xff);
          return allEven(image);
        },
        OnBadImage.FAIL,
        null);
    assertThat(reds).containsExactly(0, 10, 20, 30, 40);
  }

  @Test
  void badImagesStopOrAreLeftOut() throws IOException {
    Path bad = root.resolve("images/test/001.png");
    Files.write(bad, new byte[] {1});
    Dataset dataset = dataset();
    assertThatThrownBy(
            () -> Evaluator.evaluate(dataset, EvaluatorTest::allEven, OnBadImage.FAIL, null))
        .hasMessageStartingWith(bad + ": ");
    Evaluator.Result result =
        Evaluator.evaluate(dataset, EvaluatorTest::allEven, OnBadImage.SKIP, null);
    assertThat(result.images()).isEqualTo(4);
    assertThat(result.skipped()).singleElement().asString().startsWith(bad + ": ");
    assertThat(result.metrics().value(Metric.IOU, 0)).isEqualTo(0.75);
  }

  @Test
  void nothingUsableIsAnError() throws IOException {
    for (int i = 0; i < 5; i++) {
      Files.delete(root.resolve("annotations/test/00" + i + ".png"));
    }
    Dataset dataset = dataset();
    assertThatThrownBy(
            () -> Evaluator.evaluate(dataset, EvaluatorTest::allEven, OnBadImage.SKIP, null))
        .hasMessageStartingWith("folder test: not one of its images can be used");
  }

  @Test
  void whatThePredictorRefusesIsNamed() throws IOException {
    Dataset dataset = dataset();
    assertThatThrownBy(
            () ->
                Evaluator.evaluate(
                    dataset,
                    _ -> {
                      throw new IllegalArgumentException("too small");
                    },
                    OnBadImage.SKIP,
                    null))
        .hasMessage(root.resolve("images/test/000.png") + ": too small");
  }

  @Test
  void aSplitWithoutAnyClassHasNoMetrics() throws IOException {
    for (int i = 0; i < 5; i++) {
      Trees.labels(root.resolve("annotations/test/00" + i + ".png"), 255, 255);
    }
    Evaluator.Result result =
        Evaluator.evaluate(dataset(), EvaluatorTest::allEven, OnBadImage.FAIL, null);
    assertThat(result.metrics().meanIou()).isNaN();
    assertThat(result.images()).isEqualTo(5);
  }
}
