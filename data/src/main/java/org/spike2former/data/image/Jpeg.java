package org.spike2former.data.image;

import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * JPEG pixels as libjpeg and OpenCV's {@code imread} give them: the reader only decodes the stored
 * components, and the conversion to RGB is done here with libjpeg's integer arithmetic, because
 * Java's readers would convert colours by an embedded ICC profile.
 */
final class Jpeg {
  /** How the stored components encode colours. */
  private enum Colors {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  private static final int HALF = 1 << 15;
  private static final int CR_TO_R = fixed(1.402);
  private static final int CB_TO_G = fixed(0.34414);
  private static final int CR_TO_G = fixed(0.71414);
  private static final int CB_TO_B = fixed(1.772);

  private Jpeg() {}

  private static int fixed(double x) {
    return (int) (x * (1 << 16) + 0.5);
  }

  /**
   * Decodes a JPEG file.
   *
   * @param reader one that has the file as its input
   * @param bytes the whole file
   * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}
   */
  static BufferedImage read(ImageReader reader, byte[] bytes) throws IOException {
    Map<Integer, JPEGSegment> header = header(bytes);
    DamageListener damage = new DamageListener();
    reader.addIIOReadWarningListener(damage);
    Raster raster = reader.readRaster(0, null);
    damage.throwIfAny();
    if (raster.getDataBuffer().getDataType() != DataBuffer.TYPE_BYTE) {
      throw new IIOException("samples have more than 8 bits");
    }
    return convert(raster, colors(header, raster.getNumBands()), header.containsKey(JPEG.APP14));
  }

  /**
   * The first JFIF, Adobe and frame segments, by marker; a frame's marker is SOF0 for all kinds.
   */
  private static Map<Integer, JPEGSegment> header(byte[] bytes) throws IOException {
    Map<Integer, List<String>> wanted = new HashMap<>();
    wanted.put(JPEG.APP0, List.of("JFIF"));
    wanted.put(JPEG.APP14, List.of("Adobe"));
    for (int frame : List.of(JPEG.SOF0, JPEG.SOF1, JPEG.SOF2, JPEG.SOF3)) {
      wanted.put(frame, null);
    }
    Map<Integer, JPEGSegment> header = new HashMap<>();
    try (ImageInputStream in = new BytesInputStream(bytes)) {
      for (JPEGSegment segment : JPEGSegmentUtil.readSegments(in, wanted)) {
        boolean app = wanted.get(segment.marker()) != null;
        header.putIfAbsent(app ? segment.marker() : JPEG.SOF0, segment);
      }
    }
    return header;
  }

  /** libjpeg's guess at the colours of a file. */
  private static Colors colors(Map<Integer, JPEGSegment> header, int components)
      throws IOException {
    // Adobe: "Adobe", version, flags 0, flags 1 (two bytes each), transform.
    byte[] adobe = bytes(header.get(JPEG.APP14));
    int transform = adobe.length > 11 ? adobe[11] : -1;
    return switch (components) {
      case 1 -> Colors.GREY;
      case 3 -> {
        if (header.containsKey(JPEG.APP0)) {
          yield Colors.YCC;
        }
        if (transform >= 0) {
          yield transform == 0 ? Colors.RGB : Colors.YCC;
        }
        // Frame: precision, height, width (two bytes each), components, then three bytes for each.
        byte[] frame = bytes(header.get(JPEG.SOF0));
        boolean rgb = frame.length > 14 && frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
        yield rgb ? Colors.RGB : Colors.YCC;
      }
      case 4 -> transform == 2 ? Colors.YCCK : Colors.CMYK;
      default -> throw new IIOException(components + " colour components");
    };
  }

  private static byte[] bytes(JPEGSegment segment) throws IOException {
    return segment == null ? new byte[0] : segment.segmentData().readAllBytes();
  }

  private static BufferedImage convert(Raster raster, Colors colors, boolean adobe) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    BufferedImage image = Rgb8.create(width, raster.getHeight());
    byte[] out = Rgb8.bgr(image);
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i += bands, at += 3) {
        int r = row[i];
        int g = colors == Colors.GREY ? r : row[i + 1];
        int b = colors == Colors.GREY ? r : row[i + 2];
        if (colors == Colors.YCC || colors == Colors.YCCK) {
          int luma = r;
          int cb = g - 128;
          int cr = b - 128;
          r = clamp(luma + ((CR_TO_R * cr + HALF) >> 16));
          g = clamp(luma + ((HALF - CB_TO_G * cb - CR_TO_G * cr) >> 16));
          b = clamp(luma + ((CB_TO_B * cb + HALF) >> 16));
        }
        if (bands == 4) {
          int k = row[i + 3];
          // Adobe stores ink inverted; a YCCK file's RGB is the complement of what it stores as
          // CMY.
          boolean inverted = colors == Colors.YCCK ? !adobe : adobe;
          k = adobe ? k : 255 - k;
          r = ink(inverted ? r : 255 - r, k);
          g = ink(inverted ? g : 255 - g, k);
          b = ink(inverted ? b : 255 - b, k);
        }
        out[at] = (byte) b;
        out[at + 1] = (byte) g;
        out[at + 2] = (byte) r;
      }
    }
    return image;
  }

  /** What a share {@code light}/255 of the paper's light leaves of {@code k}. */
  private static int ink(int light, int k) {
    return k - (((255 - light) * k) >> 8);
  }

  private static int clamp(int x) {
    return Math.max(0, Math.min(255, x));
  }
}
