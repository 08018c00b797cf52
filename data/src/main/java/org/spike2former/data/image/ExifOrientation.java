package org.spike2former.data.image;

import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import javax.imageio.stream.ImageInputStream;

/**
 * The Exif tag "orientation": 1 is upright, 2 to 8 are mirrored or turned.
 *
 * <p>It is looked up by hand: {@code TIFFReader} of the metadata library, which reads colours of
 * TIFF files here, gives up a directory as a whole where a later entry of it is cut off, so that a
 * photo with a damaged Exif block would be left lying on its side.
 */
final class ExifOrientation {
  private static final int UPRIGHT = 1;
  private static final int TAG = 0x0112;
  private static final int PNG_EXIF = 0x65584966;
  private static final int PNG_END = 0x49454E44;
  private static final int WEBP_EXIF = 0x46495845;

  private ExifOrientation() {}

  /** The orientation that a JPEG, PNG, WebP or TIFF file states; upright where it states none. */
  static int read(byte[] bytes, String format) {
    try (ImageInputStream in = new BytesInputStream(bytes)) {
      return switch (format) {
        case "jpeg" -> fromJpeg(in);
        case "png" -> fromPng(in);
        case "webp" -> fromWebp(in);
        case "tif" -> fromTiff(in, 0);
        default -> UPRIGHT;
      };
    } catch (IOException | RuntimeException _) {
      // A damaged Exif block says nothing; whether the image itself is whole is found out later.
      return UPRIGHT;
    }
  }

  private static int fromJpeg(ImageInputStream in) throws IOException {
    List<JPEGSegment> exif = JPEGSegmentUtil.readSegments(in, JPEG.APP1, "Exif");
    if (exif.isEmpty()) {
      return UPRIGHT;
    }
    try (ImageInputStream tiff = new BytesInputStream(exif.get(0).data().readAllBytes())) {
      return fromTiff(tiff, 1);
    }
  }

  private static int fromPng(ImageInputStream in) throws IOException {
    long at = 8;
    while (true) {
      in.seek(at);
      long length = in.readUnsignedInt();
      int type = in.readInt();
      if (type == PNG_EXIF) {
        return fromTiff(in, at + 8);
      }
      if (type == PNG_END) {
        return UPRIGHT;
      }
      at += 12 + length;
    }
  }

  private static int fromWebp(ImageInputStream in) throws IOException {
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    long at = 12;
    while (at < in.length()) {
      in.seek(at);
      int type = in.readInt();
      long length = in.readUnsignedInt();
      if (type == WEBP_EXIF) {
        // Some writers repeat JPEG's prefix "Exif\0\0" here.
        return fromTiff(in, in.readUnsignedByte() == 'E' ? at + 14 : at + 8);
      }
      at += 8 + length + length % 2;
    }
    return UPRIGHT;
  }

  /** Looks into the first directory of the TIFF structure that starts at {@code base}. */
  private static int fromTiff(ImageInputStream in, long base) throws IOException {
    in.seek(base);
    in.setByteOrder(in.readUnsignedByte() == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    in.seek(base + 2);
    if (in.readUnsignedShort() != 42) {
      return UPRIGHT;
    }
    in.seek(base + in.readUnsignedInt());
    int entries = in.readUnsignedShort();
    for (int i = 0; i < entries; i++) {
      int tag = in.readUnsignedShort();
      int type = in.readUnsignedShort();
      in.readInt();
      if (tag == TAG) {
        long value = type == 3 ? in.readUnsignedShort() : in.readUnsignedInt();
        return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
      }
      in.readInt();
    }
    return UPRIGHT;
  }

  /** The image (of type {@link BufferedImage#TYPE_3BYTE_BGR}) turned upright. */
  static BufferedImage apply(BufferedImage image, int orientation) {
    if (orientation == UPRIGHT) {
      return image;
    }
    int width = image.getWidth();
    int height = image.getHeight();
    boolean swap = orientation >= 5;
    boolean mirrorX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean mirrorY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    BufferedImage upright = swap ? Rgb8.create(height, width) : Rgb8.create(width, height);
    byte[] from = Rgb8.bgr(image);
    byte[] to = Rgb8.bgr(upright);
    int at = 0;
    for (int y = 0; y < upright.getHeight(); y++) {
      for (int x = 0; x < upright.getWidth(); x++) {
        int u = swap ? y : x;
        int v = swap ? x : y;
        int source = 3 * ((mirrorY ? height - 1 - v : v) * width + (mirrorX ? width - 1 - u : u));
        to[at++] = from[source];
        to[at++] = from[source + 1];
        to[at++] = from[source + 2];
      }
    }
    return upright;
  }
}
