package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.model.PanopticSegmentation;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.Backend;

/** The bundled model that tells things apart. */
class PanopticModelTest {
  private static final Path MODEL = S2f.ROOT.resolve("models/camvid-panoptic");

  @ParameterizedTest
  @EnumSource(
      value = Backend.class,
      names = {"SCALAR", "VECTOR"})
  void theDigestIsThatOfItsPage(Backend backend) throws IOException {
    SegmenterOptions options = SegmenterOptions.builder().backend(backend).threads(2).build();
    try (Segmenter segmenter = Segmenter.load(MODEL, options)) {
      PanopticSegmentation found =
          segmenter.panoptic(ImageFiles.read(S2f.ROOT.resolve("samples/street.jpg")));
      assertThat(Files.readString(MODEL.resolve("README.md"))).contains("`" + found.digest() + "`");
      assertThat(found.segments().stream().map(found::name))
          .filteredOn(name -> name.startsWith("car"))
          .hasSize(3);
    }
  }
}
