package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiffColorsTest {
  @TempDir private Path folder;

  /**
   * A page of 2^bits by 1 pixels, whose samples are 0, 1, 2…; a negative factor leaves out the map.
   */
  private Path tiff(int bits, int photometric, int sampleFormat, int factor, boolean big)
      throws IOException {
    int width = 1 << bits;
    byte[] samples = new byte[Math.max(1, width * bits / 8)];
    for (int x = 0; x < width; x++) {
      samples[x * bits / 8] |= (byte) (x << 8 - bits - x * bits % 8);
    }
    int[][] tags = {
      {256, 3, width},
      {257, 3, 1},
      {258, 3, bits},
      {259, 3, 1},
      {262, 3, photometric},
      {273, 4, 8},
      {277, 3, 1},
      {278, 3, 1},
      {279, 4, samples.length},
      {339, 3, sampleFormat},
    };
    int count = tags.length + (factor < 0 ? 0 : 1);
    int directory = 8 + samples.length + samples.length % 2;
    int map = directory + 2 + 12 * count + 4;
    ByteBuffer out = ByteBuffer.allocate(map + 6 * width);
    out.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    out.put((byte) (big ? 'M' : 'I')).put((byte) (big ? 'M' : 'I')).putShort((short) 42);
    out.putInt(directory).put(samples).position(directory).putShort((short) count);
    for (int[] tag : tags) {
      if (tag[0] == 339 && factor >= 0) {
        out.putShort((short) 320).putShort((short) 3).putInt(3 * width).putInt(map);
      }
      out.putShort((short) tag[0]).putShort((short) tag[1]).putInt(1);
      if (tag[1] == 3) {
        out.putShort((short) tag[2]).putShort((short) 0);
      } else {
        out.putInt(tag[2]);
      }
    }
    out.putInt(0);
    for (int i = 0; i < 3 * width && factor >= 0; i++) {
      out.putShort((short) (level(i / width, i % width) * factor));
    }
    return Files.write(folder.resolve("page.tif"), out.array());
  }

  private static int level(int channel, int index) {
    return (201 + 37 * index + 80 * channel) & 0xff;
  }

  /** Writers multiply by 257, as the specification has it, by 256, or not at all. */
  @ParameterizedTest
  @CsvSource({
    "8, 257, false", "8, 256, false", "8, 1, false", "8, 257, true", "8, 256, true", "8, 1, true",
    "4, 257, false", "4, 256, true", "4, 1, false", "2, 256, false", "1, 1, true", "1, 256, false",
  })
  void aLevelOfTheMapIsALevelOfThePixels(int bits, int factor, boolean big) throws IOException {
    byte[] rgb = ImageFiles.rgb(ImageFiles.read(tiff(bits, 3, 1, factor, big)));
    for (int i = 0; i < rgb.length; i++) {
      assertThat(rgb[i] & 0xff).isEqualTo(level(i % 3, i / 3));
    }
  }

  @Test
  void signedSamplesAreRefused() throws IOException {
    Path file = tiff(8, 1, 2, -1, false);
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file + ": cannot be read as TIF: samples are not unsigned numbers of at most 16 bits");
    Path real = tiff(8, 1, 3, -1, false);
    assertThatThrownBy(() -> ImageFiles.read(real)).hasMessageContaining("floating-point numbers");
    assertThat(ImageFiles.rgb(ImageFiles.read(tiff(8, 1, 1, -1, false)))[3 * 200])
        .isEqualTo((byte) 200);
  }
}
