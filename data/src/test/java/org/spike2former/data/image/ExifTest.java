package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.LabelMap;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.loader.DataCheck;

/** Labels are of the upright image, or of the pixels as they are stored. */
class ExifTest {
  @TempDir private Path root;

  private Dataset open(int orientation, boolean turnedLabels, String exif) throws IOException {
    Path image = root.resolve("images/train/a.jpg");
    Files.createDirectories(image.getParent());
    Path source =
        Path.of("src/test/resources/org/spike2former/data/images/exif" + orientation + ".jpg");
    Files.copy(source, image);
    BufferedImage stored = ImageFiles.readStored(image).image();
    boolean swapped = turnedLabels && orientation >= 5;
    int height = swapped ? stored.getWidth() : stored.getHeight();
    int width = swapped ? stored.getHeight() : stored.getWidth();
    assertThat(height).isNotEqualTo(width);
    LabelMap labels = new LabelMap(height, width, new byte[height * width]);
    ImageFiles.writePng(labels.toImage(), root.resolve("annotations/train/a.png"));
    Path file = root.resolve("data.yaml");
    Files.writeString(file, "type: folder\nroot: " + root + "\nclasses: [a]\n" + exif);
    return DataConfig.read(file, root).dataset("train");
  }

  private byte[] pixels(Exif exif) throws IOException {
    return ImageFiles.rgb(exif.read(root.resolve("images/train/a.jpg")));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void imagesAreTurned(int orientation) throws IOException {
    Dataset dataset = open(orientation, true, "");
    assertThat(dataset.read(0).rgb()).isEqualTo(pixels(Exif.APPLY));
    assertThat(dataset.turned())
        .containsEntry(0, new Dataset.Turn(orientation, orientation >= 5))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void orTheyAreNot(int orientation) throws IOException {
    Dataset dataset = open(orientation, false, "exif: ignore");
    assertThat(dataset.read(0).rgb())
        .isEqualTo(pixels(Exif.IGNORE))
        .isNotEqualTo(pixels(Exif.APPLY));
    assertThat(dataset.exif()).isEqualTo(Exif.IGNORE);
  }

  @Test
  void sizesTellWhichWayLabelsLie() throws IOException {
    Dataset dataset = open(6, false, "exif: apply");
    assertThatThrownBy(() -> dataset.read(0))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(root.resolve("annotations/train/a.png") + ": labels of ")
        .hasMessageEndingWith(
            ", which Exif orientation 6 turned; they fit its pixels as stored: set exif: ignore");
  }

  @Test
  void sizesTellTheOtherWayToo() throws IOException {
    Dataset dataset = open(8, true, "exif: ignore");
    assertThatThrownBy(() -> dataset.read(0))
        .hasMessageEndingWith(
            " as stored; they fit it turned by Exif orientation 8: set exif: apply");
  }

  @Test
  void turnedImagesAreCounted() throws IOException {
    DataCheck check = DataCheck.of(open(3, true, ""), 1, () -> {});
    assertThat(check.turned()).isEqualTo(1);
    assertThat(check.firstTurned()).isEqualTo(root.resolve("images/train/a.jpg"));
  }

  @Test
  void uprightImagesAreNot() throws IOException {
    DataCheck check = DataCheck.of(open(1, true, ""), 1, () -> {});
    assertThat(check.turned()).isZero();
    assertThat(check.firstTurned()).isNull();
  }

  @Test
  void aBlockThatEndsAfterTheTagIsReadUpToThere() throws IOException {
    byte[] bytes =
        Files.readAllBytes(Path.of("src/test/resources/org/spike2former/data/images/exif6.jpg"));
    int entries = 0;
    while (bytes[entries] != 'M' || bytes[entries + 1] != 'M') {
      entries++;
    }
    entries += 8;
    assertThat(bytes[entries + 1]).isEqualTo((byte) 1);
    bytes[entries + 1] = 9;
    assertThat(ExifOrientation.read(bytes, "jpeg")).isEqualTo(6);
  }
}
