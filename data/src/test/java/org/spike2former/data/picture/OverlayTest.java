package org.spike2former.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.TestFiles;
import org.spike2former.data.image.ImageFiles;

class OverlayTest {
  private static final ClassTable CLASSES =
      new ClassTable(List.of("sky", "road", "car"), new int[] {0x0000FF, 0xFF0000, 0x00FF00}, 255);

  /** The left half has class 0, the right half class 1. */
  private static LabelMap halves(int width, int height) {
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % width < width / 2 ? 0 : 1);
    }
    return new LabelMap(height, width, labels);
  }

  private static BufferedImage grey(int width, int height) {
    BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        photo.setRGB(x, y, 0x808080);
      }
    }
    return photo;
  }

  @Test
  void smallPhotosAreMagnifiedAndTinted() {
    BufferedImage picture = Overlay.draw(grey(240, 180), halves(240, 180), CLASSES);
    assertThat(picture.getWidth()).isEqualTo(720);
    assertThat(picture.getHeight()).isGreaterThan(540);
    assertThat(picture.getRGB(10, 10)).isEqualTo(0xFF4040C0);
    assertThat(picture.getRGB(700, 10)).isEqualTo(0xFFC04040);
    assertThat(picture.getRGB(359, 270)).as("outline").isEqualTo(0xFF0000FF);
  }

  @Test
  void classesAreListedOnceAndTheLargestFirst() {
    LabelMap labels = halves(241, 180);
    BufferedImage picture = Overlay.draw(grey(241, 180), labels, CLASSES);
    List<Integer> swatches = new ArrayList<>();
    for (int x = 0; x < picture.getWidth(); x++) {
      int color = picture.getRGB(x, 540 + 12 + 10) & 0xFFFFFF;
      boolean classColor = color == 0x0000FF || color == 0xFF0000 || color == 0x00FF00;
      if (classColor && !swatches.contains(color)) {
        swatches.add(color);
      }
    }
    assertThat(swatches).containsExactly(0xFF0000, 0x0000FF);
  }

  /** It is beside a photo only where that is wide enough for it. */
  @Test
  void theLegendTakesAtMostASixthOfTheWidth() {
    BufferedImage wide = Overlay.draw(grey(1600, 500), halves(1600, 500), CLASSES);
    assertThat(wide.getHeight()).isEqualTo(500);
    assertThat(wide.getWidth()).isBetween(1601, 1920);
    for (int width = 640; width < 1600; width += 120) {
      BufferedImage picture = Overlay.draw(grey(width, 600), halves(width, 600), CLASSES);
      assertThat(picture.getWidth() - width).isLessThanOrEqualTo(picture.getWidth() / 6);
    }
  }

  @Test
  void theStyleSaysHowStrongColoursAreAndWhetherThereIsALegend() {
    LabelMap labels = halves(240, 180);
    BufferedImage picture =
        Overlay.draw(grey(240, 180), labels, CLASSES, new OverlayStyle(0, false));
    assertThat(picture.getWidth()).isEqualTo(720);
    assertThat(picture.getHeight()).isEqualTo(540);
    assertThat(picture.getRGB(10, 10)).isEqualTo(0xFF808080);
    assertThat(picture.getRGB(359, 270)).as("outline").isEqualTo(0xFF0000FF);
    assertThatThrownBy(() -> new OverlayStyle(1.5, true))
        .hasMessage("expected an opacity from 0 to 1, found 1.5");
  }

  @Test
  void darkClassesHaveLighterOutlines() {
    ClassTable classes = new ClassTable(List.of("night", "road"), new int[] {0, 0xFF0000}, 255);
    BufferedImage picture = Overlay.draw(grey(240, 180), halves(240, 180), classes);
    assertThat(picture.getRGB(10, 10)).isEqualTo(0xFF404040);
    assertThat(picture.getRGB(359, 270)).as("outline").isEqualTo(0xFFA0A0A0);
  }

  @Test
  void pixelsWithoutClassKeepTheirColour() {
    byte[] labels = new byte[640 * 480];
    Arrays.fill(labels, (byte) 255);
    BufferedImage picture = Overlay.draw(grey(640, 480), new LabelMap(480, 640, labels), CLASSES);
    assertThat(picture.getRGB(320, 240)).isEqualTo(0xFF808080);
    assertThat(picture.getWidth()).isEqualTo(640);
    assertThat(picture.getHeight()).isEqualTo(480);
  }

  @ParameterizedTest
  @CsvSource({"16,16", "17,400", "400,17", "16,3000", "3000,16", "1600,1200", "641,320"})
  void everySizeGivesAPicture(int width, int height) {
    BufferedImage picture = Overlay.draw(grey(width, height), halves(width, height), CLASSES);
    assertThat(picture.getWidth()).isGreaterThanOrEqualTo(width);
    assertThat(picture.getHeight()).isGreaterThanOrEqualTo(height);
    assertThat(picture.getRGB(0, 0)).isEqualTo(0xFF4040C0);
  }

  @Test
  void manyClassesWithLongAndForeignNames() {
    List<String> names = new ArrayList<>();
    byte[] labels = new byte[200 * 60];
    for (int k = 0; k < 200; k++) {
      names.add(k + " Straßenbahn-Führer 路 " + "x".repeat(k));
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 200);
    }
    BufferedImage picture =
        Overlay.draw(grey(200, 60), new LabelMap(60, 200, labels), ClassTable.of(names));
    assertThat(picture.getHeight()).isGreaterThan(1000);
  }

  /** No font has glyphs for private characters. */
  @Test
  void namesThatCannotBeWrittenAreNumbers() {
    String unknown = Character.toString(0x10FFFD);
    for (String name : List.of(unknown, "road " + unknown, "\u0301")) {
      byte[] expected = ImageFiles.rgb(named("class 1"));
      assertThat(Arrays.equals(ImageFiles.rgb(named(name)), expected)).isTrue();
    }
  }

  @Test
  void namesInOtherScriptsAreNeverQuestionMarks() {
    for (String name : List.of("дорога", "道路", "طريق", "Straße", "路".repeat(500))) {
      byte[] rgb = ImageFiles.rgb(named(name));
      assertThat(rgb).isNotEqualTo(ImageFiles.rgb(named(BitmapFont.printable(name))));
    }
  }

  @Test
  void anOverlongNameIsCut() {
    assertThat(named("ж".repeat(400)).getWidth()).isLessThan(named("w".repeat(24)).getWidth() + 20);
  }

  private static BufferedImage named(String name) {
    ClassTable classes = ClassTable.of(List.of("road", name));
    return Overlay.draw(grey(40, 40), halves(40, 40), classes);
  }

  /** The stored picture was looked at; another machine must draw the same bytes. */
  @Test
  void theSamePictureOnEveryMachine() throws IOException {
    assertThat(ImageFiles.rgb(Overlay.draw(grey(29, 21), halves(29, 21), CLASSES)))
        .isEqualTo(ImageFiles.rgb(ImageFiles.read(TestFiles.of("overlay.png"))));
  }

  @Test
  void sizesMustAgree() {
    assertThatThrownBy(() -> Overlay.draw(grey(20, 20), halves(20, 21), CLASSES))
        .hasMessage("photo of 20x20 pixels, labels of 20x21");
  }

  @Test
  void textIsReducedToGlyphs() {
    assertThat(BitmapFont.printable("Größe é路\n~")).isEqualTo("Gro?e e??~");
    for (char c = '!'; c <= '~'; c++) {
      boolean ink = false;
      for (int i = 0; i < BitmapFont.HEIGHT * BitmapFont.WIDTH; i++) {
        ink |= BitmapFont.ink(c, i / BitmapFont.WIDTH, i % BitmapFont.WIDTH);
      }
      assertThat(ink).as("glyph %s", c).isTrue();
    }
  }
}
