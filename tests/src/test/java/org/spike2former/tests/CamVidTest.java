package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.metric.ConfusionMatrix;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.layer.WeightType;

/** The bundled models on CamVid's test split, where {@code -Dcamvid.dir} says it lies. */
@Tag("slow")
class CamVidTest {
  private static final Path DATA = Path.of(System.getProperty("camvid.dir", "camvid"));

  @Test
  void theDefaultModelReachesItsMeanIou() throws IOException {
    assertThat(meanIou("camvid", Precision.F32, WeightType.FLOAT)).isCloseTo(52.08, within(0.1));
  }

  /** Of integers, so no machine has another number. */
  @Test
  void int8WeightsCostTheDefaultModelLessThanAPoint() throws IOException {
    assertThat(meanIou("camvid", Precision.F32, WeightType.INT8)).isCloseTo(51.83, within(0.01));
  }

  /** In float32 roundings move spikes, PyTorch's and these not the same, and mIoU by a tenth. */
  @Test
  void theModelTrainedInPyTorchReachesPyTorchsMeanIou() throws IOException {
    assertThat(meanIou("camvid-small", Precision.F64, WeightType.FLOAT))
        .isCloseTo(43.50, within(0.1));
  }

  private static double meanIou(String model, Precision precision, WeightType weights)
      throws IOException {
    Path images = DATA.resolve("images/test");
    assumeThat(images).isDirectory();
    ConfusionMatrix matrix = new ConfusionMatrix(11);
    SegmenterOptions options =
        SegmenterOptions.builder().precision(precision).weights(weights).threads(2).build();
    try (Segmenter segmenter = Segmenter.load(S2f.ROOT.resolve("models").resolve(model), options);
        Stream<Path> files = Files.list(images)) {
      List<Path> frames = files.sorted().toList();
      assertThat(frames).hasSize(233);
      for (Path frame : frames) {
        String name = frame.getFileName().toString().replace(".jpg", ".png");
        LabelMap truth = LabelMap.read(DATA.resolve("annotations/test").resolve(name));
        matrix.add(segmenter.segment(ImageFiles.read(frame)).labels(), truth, 255);
      }
    }
    return 100 * matrix.metrics().meanIou();
  }
}
