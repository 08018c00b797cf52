package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.TestFiles;

class PreprocessingTest {
  private static final double[] MEAN = {123.675, 116.28, 103.53};
  private static final double[] STD = {58.395, 57.12, 57.375};
  private static final String NORM =
      "\"mean\": [123.675, 116.28, 103.53], \"std\": [58.395, 57.12, 57.375]";

  @TempDir Path folder;

  private Path json(String text) throws IOException {
    return Files.writeString(folder.resolve("preprocess.json"), text);
  }

  @Test
  void readsAFile() throws IOException {
    Preprocessing p =
        Preprocessing.read(
            json(
                "{\"channels\": \"rgb\", "
                    + NORM
                    + ", \"resize\": {\"shortest_edge\": 180, \"max_size\": 640},"
                    + " \"size_divisor\": 32}"));
    assertThat(p.mean()).isEqualTo(MEAN);
    assertThat(p.std()).isEqualTo(STD);
    assertThat(p.resize()).isEqualTo(new ResizeRule(180, 640));
    assertThat(p.sizeDivisor()).isEqualTo(32);
  }

  @Test
  void resizingAndPaddingMayBeLeftOut() throws IOException {
    Preprocessing p = Preprocessing.read(json("{\"channels\": \"rgb\", " + NORM + "}"));
    assertThat(p.resize()).isNull();
    assertThat(p.sizeDivisor()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "[]|expected a JSON object",
        "{|not JSON: line 1: Unexpected end-of-input",
        "{} {}|not JSON: line 1: Trailing token",
        "{\"a\": 1, \"a\": 2}|not JSON: line 1: Duplicate field 'a'",
        "{}|channels: missing; expected a string",
        "{\"channels\": 3}|line 1: channels: expected a string, found 3",
        "{\"channels\": \"bgr\", NORM}|line 1: channels: expected \"rgb\", found \"bgr\"",
        "{\"chanels\": \"rgb\"}|line 1: chanels: unknown key; known are channels, mean, resize,",
        "{\"channels\": \"rgb\"}|mean: missing; expected a list of 3 numbers",
        "{\"channels\": \"rgb\", \"mean\": [1, 2], \"std\": [1, 1, 1]}|line 1: mean: expected a"
            + " list of 3 numbers, found [1, 2]",
        "{\"channels\": \"rgb\", \"mean\": [1, \"2\", 3]}|line 1: mean[1]: expected a number, found"
            + " \"2\"",
        "{\"channels\": \"rgb\", \"mean\": [1, 1e999, 3]}|line 1: mean[1]: expected a number, found"
            + " Inf",
        "{\"channels\": \"rgb\", \"mean\": [1, 2, 3], \"std\": [1, 0, 1]}|line 1: std: expected"
            + " positive",
        "{\"channels\": \"rgb\", \"mean\": [1, 2, 3], \"std\": [1, 1e-300, 1]}|line 1: std:"
            + " expected 1e-6",
        "{\"channels\": \"rgb\", \"mean\": [1, 2, 3e38], \"std\": [1, 1, 1]}|line 1: mean: expected"
            + " -1e6",
        "{\"channels\": \"rgb\", NORM, \"resize\": 3}|line 1: resize: expected an object, found 3",
        "{\"channels\": \"rgb\", NORM, \"resize\": {}}|line 1: resize.shortest_edge: missing",
        "{\"channels\": \"rgb\", NORM, \"resize\": {\"min\": 3}}|line 1: resize.min: unknown key",
        "{\"channels\": \"rgb\", NORM, \"resize\": {\"shortest_edge\": 9, \"max_size\": 8}}"
            + "|line 1: resize.shortest_edge: expected an integer from 1 to 8, found 9",
        "{\"channels\": \"rgb\", NORM, \"resize\": {\"shortest_edge\": 1.5, \"max_size\": 8}}"
            + "|line 1: resize.shortest_edge: expected an integer from 1 to 65536, found 1.5",
        "{\"channels\": \"rgb\", NORM, \"size_divisor\": 0}|line 1: size_divisor: expected an"
            + " integer from 1 to 1024, found 0",
      })
  void badFilesAreRefused(String text, String message) throws IOException {
    Path file = json(text.replace("NORM", NORM));
    assertThatThrownBy(() -> Preprocessing.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": " + message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void missingAndHugeFilesAreRefused() throws IOException {
    assertThatThrownBy(() -> Preprocessing.read(folder.resolve("none.json")))
        .hasMessage(folder.resolve("none.json") + ": no such file");
    Path file = json("[".repeat(2_000_000));
    assertThatThrownBy(() -> Preprocessing.read(file)).hasMessageContaining("small JSON file");
    Path deep = json("[".repeat(500_000));
    assertThatThrownBy(() -> Preprocessing.read(deep)).hasMessageContaining("not JSON");
  }

  /** Sizes that mmcv 2's rescale_size gives for (old width, old height), (max, shortest). */
  @ParameterizedTest
  @CsvSource({
    "240,180,640,180,240,180",
    "640,480,2048,512,683,512",
    "480,640,2048,512,512,683",
    "500,375,2048,512,683,512",
    "1920,1080,2048,512,910,512",
    "3000,400,2048,512,2048,273",
    "333,250,2048,512,682,512",
    "1023,767,640,180,240,180",
    "4000,3000,640,180,240,180",
    "1000,3,2048,512,2048,6",
    "17,16,2560,640,680,640",
  })
  void sizesAreThoseOfMmcv(int width, int height, int max, int edge, int newWidth, int newHeight) {
    ResizeRule rule = new ResizeRule(edge, max);
    double factor = rule.factor(height, width);
    assertThat(ResizeRule.scaled(width, factor)).isEqualTo(newWidth);
    assertThat(ResizeRule.scaled(height, factor)).isEqualTo(newHeight);
  }

  /** All 256 levels, normalised by PyTorch. */
  @Test
  void normalisesAsPyTorchDoes() throws IOException {
    BufferedImage levels = new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 256; i++) {
      levels.setRGB(i % 16, i / 16, i * 0x010101);
    }
    PreparedImage prepared = new Preprocessing(MEAN, STD, null, 1).prepare(levels);
    float[] floats = prepared.floats();
    double[] doubles = prepared.doubles();
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(TestFiles.of("normalised.bin"))))) {
      for (float found : floats) {
        assertThat(found).isEqualTo(in.readFloat());
      }
      for (double found : doubles) {
        assertThat(found).isEqualTo(in.readDouble());
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void rescalesAndPads() throws IOException {
    BufferedImage photo = ImageFiles.read(TestFiles.of("images/rgb8.png"));
    PreparedImage prepared =
        new Preprocessing(MEAN, STD, new ResizeRule(42, 60), 32).prepare(photo);
    assertThat(prepared.contentWidth()).isEqualTo(58);
    assertThat(prepared.contentHeight()).isEqualTo(42);
    assertThat(prepared.width()).isEqualTo(64);
    assertThat(prepared.height()).isEqualTo(64);
    assertThat(prepared.originalWidth()).isEqualTo(29);
    assertThat(prepared.originalHeight()).isEqualTo(21);

    float[] floats = prepared.floats();
    double[] doubles = prepared.doubles();
    assertThat(floats).hasSize(64 * 64 * 3);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        for (int c = 0; c < 3; c++) {
          int at = (y * 64 + x) * 3 + c;
          boolean content = x < 58 && y < 42;
          double expected =
              content ? ((prepared.rgb()[(y * 58 + x) * 3 + c] & 0xff) - MEAN[c]) / STD[c] : 0;
          assertThat(doubles[at]).isEqualTo(expected);
          assertThat(floats[at]).isCloseTo((float) expected, offset(1e-6f));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,an image of 1x1 pixels is too small; sides need 16",
    "15,400,an image of 15x400 pixels is too small; sides need 16",
    "1,5000,an image of 1x5000 pixels is too small; sides need 16",
    "4000,50,'an image of 4000x50 pixels, rescaled to 640x8 pixels, is too small; sides need 16'",
  })
  void imagesTooSmallAreRefused(int width, int height, String message) {
    Preprocessing p = new Preprocessing(MEAN, STD, new ResizeRule(180, 640), 1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    assertThatThrownBy(() -> p.prepare(image))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void rescalingToTooManyPixelsIsRefused() {
    Preprocessing p = new Preprocessing(MEAN, STD, new ResizeRule(65_536, 65_536), 1);
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_3BYTE_BGR);
    assertThatThrownBy(() -> p.prepare(image))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rescaled to 65536x65536 pixels, is too large");
  }

  @Test
  void sizesAreChecked() {
    assertThatThrownBy(() -> new ResizeRule(10, 9)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Preprocessing(MEAN, new double[] {1, -1, 1}, null, 1))
        .hasMessage("std: expected positive numbers, found -1");
    assertThatThrownBy(() -> new Preprocessing(MEAN, STD, null, 0))
        .hasMessage("size_divisor: expected 1 to 1024, found 0");
  }
}
