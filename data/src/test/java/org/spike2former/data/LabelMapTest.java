package org.spike2former.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.image.ImageFiles;

class LabelMapTest {
  @TempDir Path folder;

  private static LabelMap allLabels() {
    byte[] labels = new byte[256];
    for (int i = 0; i < 256; i++) {
      labels[i] = (byte) i;
    }
    return new LabelMap(8, 32, labels);
  }

  /** Whatever the colours: one, all alike, shades of grey, or as many as there can be. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 255})
  void labelsSurviveAFile(int classes) throws IOException {
    Path file = folder.resolve("labels.png");
    allLabels().writePng(file, table(ClassTable.vocPalette(classes)));
    assertThat(LabelMap.read(file).labels()).isEqualTo(allLabels().labels());
    allLabels().writePng(file, table(new int[classes]));
    assertThat(LabelMap.read(file).labels()).isEqualTo(allLabels().labels());
    allLabels().writePng(file, table(IntStream.range(0, classes).map(k -> 0x10101 * k).toArray()));
    LabelMap read = LabelMap.read(file);
    assertThat(read.height()).isEqualTo(8);
    assertThat(read.width()).isEqualTo(32);
    assertThat(read.labels()).isEqualTo(allLabels().labels());
  }

  private static ClassTable table(int[] palette) {
    return new ClassTable(
        IntStream.range(0, palette.length).mapToObj(Integer::toString).toList(), palette, 255);
  }

  /** Bit depth 8, colour type 3 with the classes' colours: any viewer shows the labels. */
  @Test
  void filesHaveTheClassesColoursAsAPalette() throws IOException {
    Path file = folder.resolve("labels.png");
    allLabels().writePng(file, table(new int[] {0x102030, 0x405060}));
    byte[] png = Files.readAllBytes(file);
    assertThat(png[24]).isEqualTo((byte) 8);
    assertThat(png[25]).isEqualTo((byte) 3);
    byte[] rgb = ImageFiles.rgb(ImageFiles.read(file));
    assertThat(Arrays.copyOf(rgb, 9)).containsExactly(0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0, 0, 0);
    assertThat(new String(png, StandardCharsets.ISO_8859_1)).doesNotContain("gAMA", "iCCP", "sRGB");
    int[] samples = allLabels().toImage().getRaster().getPixels(0, 0, 32, 8, (int[]) null);
    for (int i = 0; i < 256; i++) {
      assertThat(samples[i]).isEqualTo(i);
    }
  }

  /** The indices of a palette file are its labels; palette4 has 4 bits per pixel. */
  @ParameterizedTest
  @ValueSource(strings = {"palette4", "palette8"})
  void paletteFilesGiveTheirIndices(String name) throws IOException {
    LabelMap labels = LabelMap.read(TestFiles.of("images/" + name + ".png"));
    byte[] expected = Files.readAllBytes(TestFiles.of("indices_" + name + ".bin"));
    assertThat(labels.height()).isEqualTo(21);
    assertThat(labels.width()).isEqualTo(29);
    assertThat(labels.labels()).isEqualTo(expected);
  }

  @Test
  void otherKindsOfFilesAreRefused() {
    refused("images/rgb8.png", "cannot be read as PNG: labels need 8-bit grey or a palette");
    refused("images/grey16.png", "cannot be read as PNG: labels need 8-bit grey or a palette");
    refused("images/grey.jpg", "cannot be read as JPEG: labels are kept in 8-bit grey or palette");
  }

  private static void refused(String name, String message) {
    assertThatThrownBy(() -> LabelMap.read(TestFiles.of(name)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(TestFiles.of(name) + ": " + message);
  }

  @Test
  void truncatedAndMissingFilesAreRefused() throws IOException {
    Path file = folder.resolve("labels.png");
    assertThatThrownBy(() -> LabelMap.read(file)).hasMessage(file + ": no such file");
    ImageFiles.writePng(new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY), file);
    byte[] png = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(png, 45));
    assertThatThrownBy(() -> LabelMap.read(file))
        .hasMessage(file + ": cannot be read as PNG: the file ends too early");
  }

  @Test
  void shares() {
    LabelMap labels = new LabelMap(2, 2, new byte[] {3, 3, (byte) 255, 0});
    assertThat(labels.share(3)).isEqualTo(0.5);
    assertThat(labels.share(255)).isEqualTo(0.25);
    assertThat(labels.share(1)).isZero();
    assertThat(labels.label(1, 0)).isEqualTo(255);
  }

  @Test
  void sizesMustFit() {
    assertThatThrownBy(() -> new LabelMap(2, 3, new byte[5]))
        .hasMessage("5 labels do not fill 3x2 pixels");
  }
}
