package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;

/** A small network that runs beside the first image. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WarmUpTest {
  private static final Path MODEL = Path.of("../models/camvid");

  /** Images keep their size. */
  private static final String PREPROCESS =
      """
      {"channels": "rgb", "mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375]}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void makeModel() throws IOException {
    for (String file : List.of("model.json", "classes.json", "weights.safetensors")) {
      Files.copy(MODEL.resolve(file), folder.resolve(file));
    }
    Files.writeString(folder.resolve("preprocess.json"), PREPROCESS);
    System.setProperty(WarmUp.PROPERTY, "true");
  }

  @AfterEach
  void unset() {
    System.clearProperty(WarmUp.PROPERTY);
  }

  private static boolean isRunning() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("s2f-warm-up"));
  }

  private WarmUp start(SegmenterOptions options) throws IOException {
    return WarmUp.start(
        ModelConfig.read(folder.resolve("model.json")),
        Preprocessing.read(folder.resolve("preprocess.json")),
        options);
  }

  @Test
  void resultsStayAndTheThreadEndsWithTheSegmenter() throws IOException {
    BufferedImage image = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 96 * 64; i++) {
      image.setRGB(i % 96, i / 96, i * 2654435);
    }
    String warm;
    try (Segmenter segmenter = Segmenter.load(folder)) {
      warm = segmenter.segment(image).labelsDigest();
    }
    assertThat(isRunning()).isFalse();

    System.clearProperty(WarmUp.PROPERTY);
    try (Segmenter segmenter = Segmenter.load(folder)) {
      assertThat(segmenter.segment(image).labelsDigest()).isEqualTo(warm);
    }
  }

  @Test
  void endsWhenTheModelCannotBeLoaded() throws IOException {
    Files.writeString(folder.resolve("classes.json"), "{}");
    assertThatThrownBy(() -> Segmenter.load(folder)).isInstanceOf(IOException.class);
    assertThat(isRunning()).isFalse();
  }

  @Test
  void itIsForVectorKernelsAndLargeImagesAlone() throws IOException {
    SegmenterOptions plain = SegmenterOptions.defaults();
    try (WarmUp warmUp = start(plain)) {
      assertThat(warmUp).isNotNull();
      assertThat(isRunning()).isTrue();
    }
    assertThat(isRunning()).isFalse();
    assertThat(start(SegmenterOptions.builder().backend(Backend.SCALAR).build())).isNull();
    assertThat(start(SegmenterOptions.builder().precision(Precision.F64).build())).isNull();
    assertThat(start(SegmenterOptions.builder().arithmetic(Arithmetic.SPIKES).build())).isNull();
    Files.copy(
        MODEL.resolve("preprocess.json"),
        folder.resolve("preprocess.json"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(start(plain)).isNull();
    System.clearProperty(WarmUp.PROPERTY);
    Files.writeString(folder.resolve("preprocess.json"), PREPROCESS);
    assertThat(start(plain)).isNull();
  }
}
