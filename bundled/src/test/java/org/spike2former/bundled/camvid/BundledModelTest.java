package org.spike2former.bundled.camvid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.model.Keep;
import org.spike2former.model.Segmenter;
import org.spike2former.model.weights.BundledModel;

class BundledModelTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void itIsTheFolder() throws IOException {
    BufferedImage street = ImageFiles.read(ROOT.resolve("samples/street.jpg"));
    String expected;
    try (Segmenter folder = Segmenter.load(ROOT.resolve("models/camvid"))) {
      expected = folder.segment(street, Keep.LOGITS).digest();
    }
    try (Segmenter segmenter = Segmenter.bundled("camvid")) {
      assertThat(segmenter.segment(street, Keep.LOGITS).digest()).isEqualTo(expected);
    }
  }

  /** As in a pool of threads that know nothing of the application. */
  @Test
  void theThreadsLoaderDoesNotMatter() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try {
      for (ClassLoader loader :
          new ClassLoader[] {null, ClassLoader.getPlatformClassLoader(), usual}) {
        thread.setContextClassLoader(loader);
        assertThat(BundledModel.find("camvid")).isInstanceOf(CamvidModel.class);
      }
    } finally {
      thread.setContextClassLoader(usual);
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> Segmenter.bundled("ade20k"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "no bundled model ade20k; the class path has camvid; add the artifact"
                + " spike2former-model-ade20k, or load a folder");
  }

  @Test
  void theLicenceComesAlong() throws IOException {
    try (InputStream notice = new CamvidModel().open("NOTICE")) {
      assertThat(new String(notice.readAllBytes(), StandardCharsets.UTF_8))
          .contains("CC BY-NC 4.0");
    }
  }
}
