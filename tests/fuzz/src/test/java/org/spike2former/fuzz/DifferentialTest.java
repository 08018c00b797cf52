package org.spike2former.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.fuzz.mutation.Bytes;

/**
 * Random pictures of every format and kind, which {@code make_pictures.py} made, have the pixels
 * that Pillow reads from them. Damaged ones are refused, or read with some pixels; with the same
 * ones where checksums protect them, as in a PNG.
 */
class DifferentialTest {
  private static final Path FOLDER = Path.of("src/test/resources/pictures");

  /** Damaged variants of each picture. */
  private static final int VARIANTS = 10;

  /**
   * How far a sample of a lossy WebP may be off, in the mean: the decoder smooths neither colours
   * nor the borders of blocks as libwebp does.
   */
  private static final double LOSSY_MEAN = 4;

  @TempDir private Path folder;

  private record Picture(String name, int width, int height, String digest) {
    Path file() {
      return FOLDER.resolve(name);
    }

    boolean is(String end) {
      return name.endsWith(end);
    }

    /** Pixels of a lossy one, which are not equal; else absent. */
    Path expected() {
      return FOLDER.resolve(name + ".expected.png");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Picture> pictures() throws IOException {
    return Files.readAllLines(FOLDER.resolve("pixels.csv")).stream()
        .skip(1)
        .map(line -> line.split(","))
        .map(
            row -> new Picture(row[0], Integer.parseInt(row[1]), Integer.parseInt(row[2]), row[3]));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void pixelsAreThoseOfPillow(Picture picture) throws IOException {
    BufferedImage image = ImageFiles.read(picture.file());
    assertThat(image.getWidth()).isEqualTo(picture.width);
    assertThat(image.getHeight()).isEqualTo(picture.height);
    byte[] found = ImageFiles.rgb(image);
    if (Files.exists(picture.expected())) {
      byte[] expected = ImageFiles.rgb(ImageIO.read(picture.expected().toFile()));
      assertThat(meanDifference(found, expected)).isLessThan(LOSSY_MEAN);
    } else {
      assertThat(digest(found)).isEqualTo(picture.digest);
    }
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void damageIsRefusedOrHarmless(Picture picture) throws IOException {
    byte[] whole = Files.readAllBytes(picture.file());
    byte[] pixels = ImageFiles.rgb(ImageFiles.read(picture.file()));
    Path file = folder.resolve(picture.name);
    SplittableRandom random = new SplittableRandom(Arrays.hashCode(whole));
    for (int n = 0; n < VARIANTS; n++) {
      byte[] damaged = new Bytes().apply(whole, random);
      Files.deleteIfExists(file);
      Files.write(file, damaged);
      try {
        byte[] found = ImageFiles.rgb(ImageFiles.read(file));
        if (picture.is(".png")) {
          assertThat(found).as("variant %d", n).isEqualTo(pixels);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith(file + ": ");
      }
    }
  }

  private static double meanDifference(byte[] a, byte[] b) {
    assertThat(a).hasSameSizeAs(b);
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return (double) sum / a.length;
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
