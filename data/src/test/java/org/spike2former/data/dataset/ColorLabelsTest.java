package org.spike2former.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.ImageFiles;

class ColorLabelsTest {
  private static final String CSV =
      """
      name, r, g, b
      road, 128, 64, 128
      car, 64, 0, 128
      car, 64, 128, 192
      , 0, 0, 0
      """;

  @TempDir private Path folder;
  private Path pictures;
  private Path output;

  @BeforeEach
  void draw() throws IOException {
    pictures = folder.resolve("pictures");
    output = folder.resolve("labels");
    picture("a.png", 0x804080, 0x400080, 0x4080C0, 0x000000);
    picture("sub/b.bmp", 0x400080, 0x400080);
  }

  private void picture(String name, int... colors) throws IOException {
    BufferedImage image = new BufferedImage(colors.length, 1, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, colors.length, 1, colors, 0, colors.length);
    ImageFiles.writePng(image, pictures.resolve(name));
  }

  private Path table(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void coloursBecomeClasses() throws IOException {
    ColorLabels table = ColorLabels.read(table("colors.csv", CSV));
    ColorLabels.Result result = table.convert(pictures, output, false, () -> {});
    assertThat(result).isEqualTo(new ColorLabels.Result(2, 6, List.of()));
    assertThat(LabelMap.read(output.resolve("a.png")).labels()).containsExactly(0, 1, 1, -1);
    assertThat(LabelMap.read(output.resolve("sub/b.png")).labels()).containsExactly(1, 1);
    ClassTable written = ClassTable.read(output.resolve("classes.json"));
    assertThat(written.names()).containsExactly("road", "car");
    assertThat(written.palette()).containsExactly(0x804080, 0x400080);
    // The written table is one, too, and label files in its colours are pictures again.
    ColorLabels again = ColorLabels.read(output.resolve("classes.json"));
    Path twice = folder.resolve("twice");
    again.convert(output.resolve("sub"), twice, false, () -> {});
    assertThat(LabelMap.read(twice.resolve("b.png")).labels()).containsExactly(1, 1);
  }

  @Test
  void unknownColoursAreReportedAndNothingIsWritten() throws IOException {
    picture("c.png", 0x804081, 0x010203, 0x010203);
    picture("d.png", 0x010203, 0x804080);
    ColorLabels table = ColorLabels.read(table("colors.csv", CSV));
    ColorLabels.Result result = table.convert(pictures, output, false, () -> {});
    assertThat(result.unknown())
        .containsExactly(
            new ColorLabels.Unknown(0x010203, 3, 2, pictures.resolve("c.png")),
            new ColorLabels.Unknown(0x804081, 1, 1, pictures.resolve("c.png")));
    assertThat(table.nearest(0x804081)).isEqualTo("road (128,64,128)");
    assertThat(table.nearest(0x010203)).isEqualTo("no class (0,0,0)");
    assertThat(output).doesNotExist();
    assertThat(folder).isDirectoryNotContaining("glob:**.labels*");
    assertThat(table.convert(pictures, output, true, () -> {})).isEqualTo(result);
    assertThat(LabelMap.read(output.resolve("c.png")).labels()).containsExactly(-1, -1, -1);
    assertThat(LabelMap.read(output.resolve("d.png")).labels()).containsExactly(-1, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name,red,g,b\\nroad,1,2,3   | expected the columns name,r,g,b, found [name, red, g, b]",
        "name,r,g,b\\nroad,1,2,256   | line 2: b: expected an integer from 0 to 255, found 256",
        "name,r,g,b\\nroad,1,2       | line 2: b: expected an integer from 0 to 255, found",
        "name,r,g,b\\na,1,2,3\\nb,1,2,3 | colour 1,2,3 is of a and b",
        "name,r,g,b\\n,1,2,3         | names: expected 1 to 255 classes, found 0",
      })
  void aTableThatIsNoneIsRefused(String text, String message) throws IOException {
    Path file = table("colors.csv", text.replace("\\n", "\n"));
    assertThatThrownBy(() -> ColorLabels.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": " + message.strip());
  }

  @Test
  void twoPicturesForOneLabelFileAreRefused() throws IOException {
    picture("a.jpg", 0);
    assertThatThrownBy(() -> ColorLabels.pictures(pictures))
        .hasMessage(
            pictures.resolve("a.jpg")
                + " and "
                + pictures.resolve("a.png")
                + " would both be written as a.png");
  }
}
