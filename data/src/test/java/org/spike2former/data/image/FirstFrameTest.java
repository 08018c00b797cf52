package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.TestFiles;

class FirstFrameTest {
  private static final int FIRST = 0x102030;
  private static final int SECOND = 0xA0B0C0;

  @TempDir private Path folder;

  /** A frame of 3x5 pixels of the second colour, at (5, 4) on a canvas. */
  private Path gif(int width, int height, int transparent) throws IOException {
    return gif(5, width, height, transparent);
  }

  private Path gif(int rows, int width, int height, int transparent) throws IOException {
    byte[] colors = {0x10, 0x20, 0x30, (byte) 0xA0, (byte) 0xB0, (byte) 0xC0};
    BufferedImage frame =
        new BufferedImage(
            3,
            rows,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 2, colors, 0, false, transparent));
    int[] samples = new int[3 * rows];
    Arrays.fill(samples, 1);
    frame.getRaster().setSamples(0, 0, 3, rows, 0, samples);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(frame, "gif", out);
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int descriptor = 6;
    while (bytes.get(descriptor) != 0x2c || bytes.getInt(descriptor + 1) != 0) {
      descriptor++;
    }
    bytes.putShort(6, (short) width).putShort(8, (short) height);
    bytes.putShort(descriptor + 1, (short) 5).putShort(descriptor + 3, (short) 4);
    return Files.write(folder.resolve("frame.gif"), bytes.array());
  }

  private static void requirePlaced(BufferedImage image, int width, int height, int around) {
    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean inside = x >= 5 && x < 8 && y >= 4 && y < 9;
        assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(inside ? SECOND : around);
      }
    }
  }

  @Test
  void aGifsFrameLiesOnItsCanvas() throws IOException {
    requirePlaced(ImageFiles.read(gif(20, 10, -1)), 20, 10, FIRST);
  }

  @Test
  void theTransparentColourIsAroundIt() throws IOException {
    requirePlaced(ImageFiles.read(gif(20, 10, 1)), 20, 10, SECOND);
    requirePlaced(ImageFiles.read(gif(20, 10, 0)), 20, 10, FIRST);
  }

  @Test
  void aFrameOutsideEnlargesTheCanvas() throws IOException {
    requirePlaced(ImageFiles.read(gif(4, 4, -1)), 8, 9, FIRST);
  }

  @Test
  void hugeCanvasesAreRefused() throws IOException {
    Path file = gif(60_000, 60_000, -1);
    assertThatThrownBy(() -> ImageFiles.read(file))
        .hasMessage(
            file
                + ": cannot be read as GIF: 60000x60000 pixels are more than the limit of"
                + " 100000000 (-Ds2f.max-pixels)");
  }

  /** The writer interlaces. */
  @Test
  void whatTheReaderWouldMisreadIsRefused() throws IOException {
    for (int rows = 2; rows < 5; rows++) {
      Path file = gif(rows, 20, 10, -1);
      assertThatThrownBy(() -> ImageFiles.read(file))
          .hasMessage(
              file
                  + ": cannot be read as GIF: interlaced frames of fewer than 5 rows are not read");
    }
    assertThat(ImageFiles.read(gif(1, 20, 10, -1)).getRGB(6, 4) & 0xffffff).isEqualTo(SECOND);
  }

  /** A lossless picture as the first frame, at (4, 6) on a canvas. */
  private Path webp(int width, int height, BufferedImage picture) throws IOException {
    byte[] still = Files.readAllBytes(TestFiles.of("images/lossless.webp"));
    int start = 12;
    ByteBuffer in = ByteBuffer.wrap(still).order(ByteOrder.LITTLE_ENDIAN);
    while (in.getInt(start) != 0x4c385056) {
      start += 8 + in.getInt(start + 4) + in.getInt(start + 4) % 2;
    }
    int length = 8 + in.getInt(start + 4) + in.getInt(start + 4) % 2;
    ByteBuffer out = ByteBuffer.allocate(12 + 18 + 14 + 24 + length);
    out.order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes()).putInt(out.capacity() - 8).put("WEBPVP8X".getBytes());
    out.putInt(10).putInt(0x12);
    triples(out, width - 1, height - 1);
    out.put("ANIM".getBytes()).putInt(6).putInt(-1).putShort((short) 0);
    out.put("ANMF".getBytes()).putInt(16 + length);
    triples(out, 2, 3, picture.getWidth() - 1, picture.getHeight() - 1, 100);
    out.put((byte) 2).put(still, start, length);
    return Files.write(folder.resolve("frame.webp"), out.array());
  }

  private static void triples(ByteBuffer out, int... values) {
    for (int value : values) {
      out.putShort((short) value).put((byte) (value >> 16));
    }
  }

  @Test
  void aWebpsFrameLiesOnItsCanvas() throws IOException {
    BufferedImage picture = ImageFiles.read(TestFiles.of("images/lossless.webp"));
    int right = picture.getWidth() + 4;
    int bottom = picture.getHeight() + 6;
    BufferedImage image = ImageFiles.read(webp(right + 9, bottom + 7, picture));
    assertThat(image.getWidth()).isEqualTo(right + 9);
    assertThat(image.getHeight()).isEqualTo(bottom + 7);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean inside = x >= 4 && x < right && y >= 6 && y < bottom;
        assertThat(image.getRGB(x, y))
            .isEqualTo(inside ? picture.getRGB(x - 4, y - 6) : 0xff000000);
      }
    }
    Path outside = webp(right - 1, bottom, picture);
    assertThatThrownBy(() -> ImageFiles.read(outside))
        .hasMessageStartingWith(outside + ": cannot be read as WEBP: a frame reaches to ");
  }
}
