package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that ask for much time or memory, or whose damage only a checksum shows. */
class HostileImagesTest {
  private static final int MEGABYTE = 1 << 20;

  /** A progressive grey JPEG of 4096x4096 pixels up to the end of its first scan's header. */
  private static final String JPEG =
      "ffd8ffdb004300"
          + "01".repeat(64)
          + "ffc2000b081000100001011100"
          + "ffc40014000100000000000000000000000000000000"
          + "ffc400151001010000000000000000000000000000e000"
          + "ffda0008010100000000";

  /** A scan that changes one coefficient of no block; it takes 34 bytes. */
  private static final String SCAN =
      "ffda000801010001010d7ffeff00fdff00fbff00f7ff00efff00dfff00bfff00aaaa";

  @TempDir private Path folder;

  @AfterEach
  void resetLimits() {
    System.clearProperty("s2f.max-jpeg-scans");
    System.clearProperty("s2f.max-jpeg-blocks");
    System.clearProperty("s2f.max-pixels");
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  /** Refused, at little cost. */
  private static void refused(Path file, String reason) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isOfAnyClassIn(IOException.class, UnknownFormatException.class)
        .hasMessageStartingWith(file + ": cannot be read as ")
        .hasMessageContaining(reason);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 * MEGABYTE);
  }

  private static byte[] jpeg(int scans) {
    byte[] data = new byte[32_768];
    String text = JPEG + HexFormat.of().formatHex(data) + SCAN.repeat(scans) + "ffd9";
    return HexFormat.of().parseHex(text);
  }

  @Test
  void jpegsOfThousandsOfScansAreRefused() throws IOException {
    refused(
        file("scans.jpg", jpeg(4000)),
        "its scans are more than the limit of 100 (-Ds2f.max-jpeg-scans)");
  }

  /** 262,144 blocks for every scan. */
  @Test
  void jpegsOfMuchWorkAreRefused() throws IOException {
    Path file = file("work.jpg", jpeg(99));
    System.setProperty("s2f.max-jpeg-blocks", "5000000");
    refused(file, "5242880 blocks in its first scans are more than the limit of 5000000");
  }

  @Test
  void limitsCanBeSet() throws IOException {
    Path file = file("scans.jpg", jpeg(1));
    assertThat(ImageFiles.read(file).getWidth()).isEqualTo(4096);
    System.setProperty("s2f.max-jpeg-scans", "1");
    refused(file, "its scans are more than the limit of 1 ");
    System.setProperty("s2f.max-pixels", "1000");
    refused(file, "4096x4096 pixels are more than the limit of 1000 (-Ds2f.max-pixels)");
    System.setProperty("s2f.max-pixels", "many");
    assertThatThrownBy(() -> ImageFiles.read(file))
        .hasMessage("-Ds2f.max-pixels=many: expected a positive integer");
  }

  @Test
  void jpegsTooShortForTheirBlocksAreRefused() throws IOException {
    byte[] bytes = HexFormat.of().parseHex(JPEG + SCAN + "ffd9");
    refused(file("short.jpg", bytes), "the file ends too early");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PNG", "JPEG"})
  void picturesInsideABmpAreRefused(String kind) throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    ImageIO.write(
        new BufferedImage(2000, 2000, BufferedImage.TYPE_INT_RGB),
        kind.toLowerCase(Locale.ROOT),
        inner);
    ByteBuffer bmp = ByteBuffer.allocate(54 + inner.size()).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(54);
    bmp.putInt(40).putInt(16).putInt(16).putShort((short) 1).putShort((short) 0);
    bmp.putInt(kind.equals("PNG") ? 5 : 4).putInt(inner.size()).position(54);
    bmp.put(inner.toByteArray());
    refused(file("inside.bmp", bmp.array()), "a " + kind + " inside is not read");
  }

  @Test
  void bmpsTooShortForTheirPixelsAreRefused() throws IOException {
    ByteBuffer bmp = ByteBuffer.allocate(54).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put((byte) 'B').put((byte) 'M').putInt(54).putInt(0).putInt(54);
    bmp.putInt(40).putInt(10_000).putInt(-10_000).putShort((short) 1).putShort((short) 24);
    refused(file("short.bmp", bmp.array()), "the file ends too early");
  }

  @Test
  void pngsTooShortForTheirPixelsAreRefused() throws IOException {
    refused(file("short.png", HostileFiles.pngHeader(10_000, 10_000)), "the file ends too early");
  }

  @Test
  void gifsTooShortForTheirPixelsAreRefused() throws IOException {
    String header = "474946383961" + "1027" + "1027" + "800000" + "000000ffffff";
    String frame = "2c00000000" + "1027" + "1027" + "00" + "02" + "024401" + "00" + "3b";
    refused(file("short.gif", HexFormat.of().parseHex(header + frame)), "the file ends too early");
  }

  /** Each entry alone is within the file; together they are two hundred times its size. */
  @Test
  void tiffsWhoseEntriesShareValuesAreRefused() throws IOException {
    int entries = 2000;
    int values = 40_000;
    ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 12 * entries + 4 + 4 * values);
    tiff.order(ByteOrder.LITTLE_ENDIAN).put((byte) 'I').put((byte) 'I').putShort((short) 42);
    tiff.putInt(8).putShort((short) entries);
    for (int i = 0; i < entries; i++) {
      tiff.putShort((short) (1000 + i)).putShort((short) 4).putInt(values).putInt(8 + 12 * entries);
    }
    refused(
        file("shared.tif", tiff.array()),
        "its directory claims more bytes of values than the file has");
  }

  @Test
  void tilesLargerThanTheLimitAreRefused() throws IOException {
    int[][] tags = {
      {256, 16},
      {257, 16},
      {258, 8},
      {259, 1},
      {262, 1},
      {277, 1},
      {322, 65_520},
      {323, 65_520},
      {324, 8},
      {325, 16},
    };
    refused(
        file("tile.tif", tiff(tags)),
        "65520x65520 pixels are more than the limit of 100000000 (-Ds2f.max-pixels)");
  }

  /** Java's reader would misread some lines of it, and fail at others. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void narrowFaxPagesAreRefused(int compression) throws IOException {
    int[][] tags = {{256, 7}, {257, 1}, {258, 1}, {259, compression}, {262, 0}, {273, 8}, {279, 2}};
    refused(
        file("narrow.tif", tiff(tags)), "fax pages of group 3 narrower than 8 pixels are not read");
  }

  /** A page with these numbers, one for each tag, and no pixels. */
  private static byte[] tiff(int[][] tags) {
    ByteBuffer tiff = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(24).position(24);
    tiff.putShort((short) tags.length);
    for (int[] tag : tags) {
      tiff.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
    }
    return tiff.array();
  }

  /** A canvas of 16x16 pixels around a picture that says 16383x16383. */
  @Test
  void webpsWhosePictureIsLargerThanTheCanvasAreRefused() throws IOException {
    String canvas = "565038580a000000" + "00000000" + "0f0000" + "0f0000";
    String picture = "5650384c08000000" + "2ffeff" + "ff0f000000";
    byte[] bytes = HexFormat.of().parseHex("5249464626000000" + "57454250" + canvas + picture);
    refused(file("larger.webp", bytes), "16383x16384 pixels are more than the limit of 100000000");
  }

  /** 40 bytes, for which the decoder would take 2.5 GB. */
  @Test
  void lossyWebpsThatTakeMuchMemoryAreRefused() throws IOException {
    String picture = "565038200a000000" + "100000" + "9d012a" + "8813" + "8913";
    byte[] bytes = HexFormat.of().parseHex("524946461600000057454250" + picture);
    refused(
        file("lossy.webp", bytes),
        "5000x5001 pixels of a lossy one are more than the limit of 25000000"
            + " (-Ds2f.max-lossy-webp-pixels)");
  }

  /** A picture whose transforms never end, each of which would be as much work as the picture. */
  @Test
  void webpsThatRepeatATransformAreRefused() throws IOException {
    // Size 4096x4096; then 'subtract green' without end: bits 1, 0, 1.
    String picture = "5650384c16000000" + "2fffcfff03" + "6ddbb66ddbb66ddbb66ddbb66ddbb66d00";
    byte[] bytes = HexFormat.of().parseHex("524946462200000057454250" + picture);
    refused(file("again.webp", bytes), "a transform comes twice");
  }

  /** Whatever bit of a PNG is damaged, it is refused or the picture stays the same. */
  @Test
  void noDamageToAPngGoesUnseen() throws IOException {
    byte[] reds = {0, 127, -1, 30};
    byte[] greens = {0, 1, -30, 60};
    BufferedImage image =
        new BufferedImage(
            4, 4, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(2, 4, reds, greens, reds));
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 4, i / 4, 0, i % 3 + i / 8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    byte[] whole = out.toByteArray();
    byte[] expected = ImageFiles.rgb(ImageFiles.read(file("whole.png", whole)));
    int refused = 0;
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        BufferedImage found = ImageFiles.read(file("damaged.png", damaged));
        assertThat(ImageFiles.rgb(found)).as("bit %d", bit).isEqualTo(expected);
      } catch (IOException _) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(8 * (whole.length - 13));
  }

  @Test
  void aDamagedPaletteIsNamed() throws IOException {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "89504e470d0a1a0a0000000d4948445200000004000000040203000000d49f76ed00000009504c5445"
                    + "0000007f000000ff00f483bf7e0000001049444154789c636208656260626062000000"
                    + "0273005c0a71de220000000049454e44ae426082");
    refused(file("palette.png", bytes), "its chunk ");
  }
}
