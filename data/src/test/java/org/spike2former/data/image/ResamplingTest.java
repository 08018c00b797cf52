package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.spike2former.data.TestFiles;

class ResamplingTest {
  @Test
  void bytesAreThoseOfOpenCv() throws IOException {
    int cases = 0;
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(TestFiles.of("resampling.bin"))))) {
      while (in.available() > 0) {
        int channels = in.readInt();
        int height = in.readInt();
        int width = in.readInt();
        int newHeight = in.readInt();
        int newWidth = in.readInt();
        byte[] image = in.readNBytes(channels * height * width);
        byte[] expected = in.readNBytes(channels * newHeight * newWidth);
        assertThat(Resampling.bilinear(image, height, width, channels, newHeight, newWidth))
            .as("%dx%d to %dx%d", width, height, newWidth, newHeight)
            .isEqualTo(expected);
        cases++;
      }
    }
    assertThat(cases).isEqualTo(10);
  }

  @Test
  void labelsAreThoseOfOpenCv() throws IOException {
    int cases = 0;
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(TestFiles.of("nearest.bin"))))) {
      while (in.available() > 0) {
        int height = in.readInt();
        int width = in.readInt();
        int newHeight = in.readInt();
        int newWidth = in.readInt();
        byte[] labels = in.readNBytes(height * width);
        byte[] expected = in.readNBytes(newHeight * newWidth);
        assertThat(Resampling.nearest(labels, height, width, newHeight, newWidth))
            .as("%dx%d to %dx%d", width, height, newWidth, newHeight)
            .isEqualTo(expected);
        cases++;
      }
    }
    assertThat(cases).isEqualTo(6);
  }

  @Test
  void sameSizeIsNotResampled() {
    byte[] image = {1, 2, 3, 4, 5, 6};
    assertThat(Resampling.bilinear(image, 1, 2, 3, 1, 2)).isSameAs(image);
  }

  @Property(tries = 200)
  void valuesStayWithinTheImagesRange(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 60) int newHeight,
      @ForAll @IntRange(min = 1, max = 60) int newWidth,
      @ForAll @IntRange(min = 0, max = 255) int level) {
    byte[] image = new byte[height * width];
    Arrays.fill(image, (byte) level);
    byte[] out = Resampling.bilinear(image, height, width, 1, newHeight, newWidth);
    assertThat(out).hasSize(newHeight * newWidth);
    for (byte value : out) {
      assertThat(value & 0xff).isEqualTo(level);
    }
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThatThrownBy(() -> Resampling.bilinear(new byte[5], 1, 2, 3, 4, 4))
        .hasMessage("image: expected 6 bytes, found 5");
    assertThatThrownBy(() -> Resampling.bilinear(new byte[6], 1, 2, 3, 0, 4))
        .hasMessage("resampled image: 4x0 pixels of 3 channels");
    assertThatThrownBy(() -> Resampling.bilinear(new byte[6], 1, 2, 3, 60_000, 60_000))
        .hasMessage("resampled image: 10800000000 bytes are too many for an array");
  }
}
