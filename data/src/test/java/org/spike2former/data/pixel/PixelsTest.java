package org.spike2former.data.pixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of rotations are those of {@code scipy.ndimage}, those of resizing PyTorch's. */
class PixelsTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;

  private static final String LINEAR_20 =
      "4.5581 22.5905 54.6230 86.6554 93.7888 67.7685 17.9650 14.0021 42.7628 74.7952 "
          + "106.8277 138.8602 170.8926 202.9251 30.9026 62.9351 94.9675 127.0000 159.0325 "
          + "191.0649 223.0974 51.0749 83.1074 115.1398 147.1723 179.2048 211.2372 199.0790 "
          + "6.0518 43.1214 103.9742 167.3446 199.3770 203.7839 121.6499";

  private static final String NEAREST_20 =
      "-1 7 1 2 3 -1 -1 14 15 9 10 11 5 5 21 22 16 17 18 12 13 29 29 23 24 25 19 20 -1 "
          + "-1 31 32 33 27 -1";

  private static final String LINEAR_13 =
      "7.3367 33.4012 75.6855 128.0565 165.9078 203.7591 142.8334 13.9743 51.8256 "
          + "89.6769 127.5282 165.3795 203.2308 200.7201 13.4461 51.2974 89.1487 127.0000 "
          + "164.8513 202.7026 240.5539 15.6724 50.7692 88.6205 126.4718 164.3231 202.1744 "
          + "126.2571 16.4215 50.2409 88.0922 125.9435 134.1969 119.3437 43.5629";

  private static final String NEAREST_13 =
      "-1 2 2 3 4 12 13 0 8 9 10 11 12 20 7 15 16 17 18 19 27 14 22 23 24 25 26 34 21 "
          + "22 30 31 32 32 -1";

  private static int level(int i) {
    return i * 37 % 251;
  }

  /** Two frames of two channels, of which each pixel is a level, its negative, half of it and 1. */
  private static Frames frames() {
    float[] values = new float[HEIGHT * WIDTH * 4];
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      values[4 * i] = level(i);
      values[4 * i + 1] = -level(i);
      values[4 * i + 2] = level(i) / 2f;
      values[4 * i + 3] = 1;
    }
    return new Frames(2, HEIGHT, WIDTH, 2, values);
  }

  private static ColorPixels colors() {
    byte[] rgb = new byte[3 * HEIGHT * WIDTH];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i % 3 == 1 ? 255 : level(i / 3));
    }
    return new ColorPixels(HEIGHT, WIDTH, rgb);
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @ParameterizedTest
  @CsvSource({"20, " + LINEAR_20 + ", " + NEAREST_20, "-13, " + LINEAR_13 + ", " + NEAREST_13})
  void rotationsAreThoseOfScipy(double degrees, String bilinear, String nearest) {
    double[] expected = numbers(bilinear);
    Rotation rotation = new Rotation(degrees);
    Frames turned = frames().rotated(rotation);
    ColorPixels photo = colors().rotated(rotation);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) turned.values()[4 * i]).isCloseTo(expected[i], within(1e-3));
      assertThat((double) turned.values()[4 * i + 1]).isCloseTo(-expected[i], within(1e-3));
      assertThat((double) turned.values()[4 * i + 2]).isCloseTo(expected[i] / 2, within(1e-3));
      assertThat(photo.rgb()[3 * i + 2] & 0xff).isEqualTo((int) (expected[i] + 0.5));
    }
    double[] places = numbers(nearest);
    assertThat(rotation.nearest(HEIGHT, WIDTH))
        .isEqualTo(Arrays.stream(places).mapToInt(x -> (int) x).toArray());
  }

  @Test
  void framesAreResizedAsPyTorchDoes() {
    double[] expected =
        numbers(
            "2.66667 23.01667 48.91667 74.81667 100.71667 126.61667 152.51667 178.41667 "
                + "204.31667 224.66667 16.00000 36.35000 62.25000 88.15000 114.05000 139.95000 "
                + "165.85000 191.75000 217.65000 238.00000 29.33333 49.68333 75.58333 101.48333 "
                + "127.38333 153.28333 179.18333 205.08333 155.68333 84.00000");
    Frames resized = frames().resized(3, 10);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) resized.values()[4 * i]).isCloseTo(expected[i], within(1e-4));
      assertThat(resized.values()[4 * i + 3]).isEqualTo(1);
    }
    Frames frames = frames();
    assertThat(frames.resized(HEIGHT, WIDTH)).isSameAs(frames);
  }

  @Test
  void partsAndMovesAreThoseOfThePixels() {
    Frames part = frames().crop(1, 2, 3, 4);
    assertThat(part.values()[4 * 5]).isEqualTo(level((1 + 1) * WIDTH + 2 + 1));
    assertThat(colors().crop(1, 2, 3, 4).rgb()[15]).isEqualTo((byte) level(2 * WIDTH + 3));
    int[] from = {3, Pixels.NONE};
    assertThat(frames().gathered(1, 2, from).values())
        .containsExactly(level(3), -level(3), level(3) / 2f, 1, 0, 0, 0, 0);
    assertThat(colors().gathered(1, 2, from).rgb())
        .containsExactly((byte) level(3), (byte) 255, (byte) level(3), 0, 0, 0);
  }

  @Test
  void filesHaveFrameAfterFrame() {
    float[] planes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    assertThat(Frames.ofPlanes(2, 1, 3, 2, planes).values())
        .containsExactly(1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12);
    assertThatThrownBy(() -> Frames.ofPlanes(1, 1, 3, 2, planes))
        .hasMessage("12 numbers do not fill 1 frames of 3x1 pixels and 2 channels");
  }

  @Test
  void twoChannelsAreNegativeAndPositiveEvents() {
    Frames frames = new Frames(1, 1, 3, 2, new float[] {2, 0, 0, 2, 0, 0});
    BufferedImage image = frames.image();
    assertThat(image.getRGB(0, 0)).isEqualTo(0xff328cff);
    assertThat(image.getRGB(1, 0)).isEqualTo(0xffff8c1e);
    assertThat(image.getRGB(2, 0)).isEqualTo(0xff000000);
    assertThat(Pixels.of(image)).isSameAs(frames);
  }

  @Test
  void elsewhereTheSignIsThePolarity() {
    Frames frames = new Frames(2, 1, 3, 1, new float[] {-2, 0, 1, 1, 1, -1});
    BufferedImage image = frames.image();
    assertThat(image.getRGB(0, 0)).isEqualTo(0xff328cff);
    assertThat(image.getRGB(1, 0)).isEqualTo(0xffff8c1e);
    // Half as bright of either.
    assertThat(image.getRGB(2, 0)).isEqualTo(0xff998c8f);
    assertThat(new Frames(1, 1, 1, 1, new float[1]).image().getRGB(0, 0)).isEqualTo(0xff000000);
  }
}
