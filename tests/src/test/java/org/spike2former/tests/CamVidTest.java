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
import org.spike2former.data.ConfusionMatrix;
import org.spike2former.data.Images;
import org.spike2former.data.LabelMap;
import org.spike2former.model.Segmenter;

/** The bundled model on CamVid's test split, where {@code -Dcamvid.dir} says it lies. */
@Tag("slow")
class CamVidTest {
  private static final Path DATA = Path.of(System.getProperty("camvid.dir", "camvid"));

  @Test
  void theBundledModelReachesItsMeanIou() throws IOException {
    Path images = DATA.resolve("images/test");
    assumeThat(images).isDirectory();
    ConfusionMatrix matrix = new ConfusionMatrix(11);
    try (Segmenter segmenter = Segmenter.load(S2f.ROOT.resolve("models/camvid-small"));
        Stream<Path> files = Files.list(images)) {
      List<Path> frames = files.sorted().toList();
      assertThat(frames).hasSize(233);
      for (Path frame : frames) {
        String name = frame.getFileName().toString().replace(".jpg", ".png");
        LabelMap truth = LabelMap.read(DATA.resolve("annotations/test").resolve(name));
        matrix.add(segmenter.segment(Images.read(frame)).labels(), truth, 255);
      }
    }
    assertThat(100 * matrix.metrics().meanIou()).isCloseTo(43.50, within(0.1));
  }
}
