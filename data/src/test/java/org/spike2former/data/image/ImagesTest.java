package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.data.TestFiles;

/** The expected pictures are what OpenCV's imread made of the files (make_resources.py). */
class ImagesTest {
  @TempDir Path folder;

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(TestFiles.of("images"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".expected.png") && !name.equals("lossy.webp"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void pixelsAreThoseOfOpenCv(String name) throws IOException {
    BufferedImage image = ImageFiles.read(TestFiles.of("images/" + name));
    BufferedImage expected = ImageFiles.read(TestFiles.of("images/" + name + ".expected.png"));

    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
    assertThat(image.getWidth()).isEqualTo(expected.getWidth());
    assertThat(image.getHeight()).isEqualTo(expected.getHeight());
    assertThat(ImageFiles.rgb(image)).isEqualTo(ImageFiles.rgb(expected));

    byte[] bytes = Files.readAllBytes(TestFiles.of("images/" + name));
    assertThat(ImageFiles.rgb(ImageFiles.read(bytes))).isEqualTo(ImageFiles.rgb(expected));
    assertThat(ImageFiles.rgb(ImageFiles.read(new ByteArrayInputStream(bytes))))
        .isEqualTo(ImageFiles.rgb(expected));
  }

  @Test
  void bytesThatAreNoImageAreRefusedWithoutAFile() {
    assertThatThrownBy(() -> ImageFiles.read(new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessage("the image: it has no bytes");
    assertThatThrownBy(() -> ImageFiles.read(new ByteArrayInputStream(new byte[] {1, 2, 3})))
        .isInstanceOf(IOException.class)
        .hasMessage("the image: not an image that can be read (JPEG, PNG, WebP, BMP, GIF, TIFF)");
  }

  @Test
  void everyKindOfFileIsTested() throws IOException {
    assertThat(files()).hasSizeGreaterThan(30).contains("cmyk.jpg", "ycck.jpg", "exif8.jpg");
  }

  /** Its decoder smooths neither colours nor block borders as libwebp does. */
  @Test
  void lossyWebpIsCloseToOpenCv() throws IOException {
    byte[] found = ImageFiles.rgb(ImageFiles.read(TestFiles.of("images/lossy.webp")));
    byte[] expected =
        ImageFiles.rgb(ImageFiles.read(TestFiles.of("images/lossy.webp.expected.png")));
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += Math.abs((found[i] & 0xff) - (expected[i] & 0xff));
    }
    assertThat(sum / found.length).isLessThan(2);
  }

  @Test
  void rgbPutsRedFirst() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xFF80FE);
    assertThat(ImageFiles.rgb(image)).containsExactly(1, 2, 3, 255, 128, 254);
  }

  @Test
  void onePixelAndVeryThinImagesAreRead() throws IOException {
    for (int height : List.of(1, 5000)) {
      Path file = folder.resolve("thin" + height + ".png");
      ImageFiles.writePng(new BufferedImage(1, height, BufferedImage.TYPE_3BYTE_BGR), file);
      assertThat(ImageFiles.read(file).getHeight()).isEqualTo(height);
      assertThat(ImageFiles.read(file).getWidth()).isEqualTo(1);
    }
  }

  @Test
  void missingFile() {
    refused(folder.resolve("none.jpg"), "no such file");
  }

  @Test
  void folderInsteadOfFile() {
    refused(folder, "not a file");
  }

  @Test
  void emptyFile() throws IOException {
    refused(Files.createFile(folder.resolve("empty.jpg")), "the file is empty");
  }

  @Test
  void textNamedJpg() throws IOException {
    refused(
        Files.writeString(folder.resolve("text.jpg"), "no picture at all, but some text\n"),
        "not an image that can be read (JPEG, PNG, WebP, BMP, GIF, TIFF)");
  }

  @Test
  void hugeImageIsRefusedByItsHeader() throws IOException {
    Path file = Files.write(folder.resolve("bomb.png"), HostileFiles.pngHeader(60_000, 60_000));
    refused(file, "cannot be read as PNG: 60000x60000 pixels are more than the limit of 100000000");
  }

  @Test
  void headerWithoutPixels() throws IOException {
    Path file = Files.write(folder.resolve("header.png"), HostileFiles.pngHeader(60, 60));
    refused(file, "cannot be read as PNG: the file ends too early");
  }

  /** A file may be cut anywhere; only what follows the pixels may be missing. */
  @ParameterizedTest
  @MethodSource("files")
  void truncatedFileIsRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.of("images/" + name));
    Path file = folder.resolve("cut-" + name);
    for (int percent : List.of(1, 10, 25, 50, 75, 85)) {
      Files.write(file, Arrays.copyOf(whole, whole.length * percent / 100));
      refused(file, "");
    }
  }

  /** Whatever a file holds, the answer is an image or one line that names the file. */
  @ParameterizedTest
  @MethodSource("files")
  void damagedFileNeverFailsOtherwise(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.of("images/" + name));
    Path file = folder.resolve("damaged-" + name);
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k < 3; k++) {
        int range = i % 2 == 0 ? Math.min(100, whole.length) : whole.length;
        damaged[random.nextInt(range)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        assertThat(ImageFiles.read(file)).isNotNull();
      } catch (IOException e) {
        assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
      }
    }
  }

  private static void refused(Path file, String reason) {
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isOfAnyClassIn(IOException.class, UnknownFormatException.class)
        .hasMessageStartingWith(file + ": " + reason)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void writingCreatesFoldersReplacesAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("a/b/out.png");
    ImageFiles.writePng(new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR), file);
    ImageFiles.writePng(new BufferedImage(5, 4, BufferedImage.TYPE_3BYTE_BGR), file);

    assertThat(ImageFiles.read(file).getWidth()).isEqualTo(5);
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(Files.getPosixFilePermissions(Files.createFile(folder.resolve("plain"))))
          .contains(PosixFilePermission.OWNER_READ);
    }
  }

  @Test
  void writingBelowAFileIsRefused() throws IOException {
    Path target = Files.createFile(folder.resolve("file")).resolve("out.png");
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
    assertThatThrownBy(() -> ImageFiles.writePng(image, target))
        .isInstanceOf(IOException.class)
        .hasMessage(target + ": cannot be written: " + target.getParent() + " is not a folder");
  }

  @Test
  void writingOntoAFolderIsRefused() throws IOException {
    Path target = Files.createDirectories(folder.resolve("taken/inside"));
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
    assertThatThrownBy(() -> ImageFiles.writePng(image, target.getParent()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(target.getParent() + ": cannot be written");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(target.getParent());
    }
  }
}
