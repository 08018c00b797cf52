package org.spike2former.data.image;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.IIOException;
import org.spike2former.data.picture.Canvas;

/**
 * Where the first frame of a GIF or an animated WebP lies on its canvas, and the colour around it.
 * As with alpha elsewhere, nothing shines through: around a GIF's frame is the colour of its
 * transparent index, or of index 0 where it has none; around that of a WebP is black.
 *
 * @param width of the canvas
 * @param height of the canvas
 * @param left of the frame
 * @param top of the frame
 * @param rgb around it, 0xRRGGBB
 */
record FirstFrame(int width, int height, int left, int top, int rgb) {
  private static final int GIF_EXTENSION = 0x21;
  private static final int GIF_CONTROL = 0xf9;
  private static final int GIF_IMAGE = 0x2c;
  private static final int GIF_INTERLACED = 0x40;
  private static final int GIF_ROWS = 5;

  /** A code has 12 bits at most, and stands for one pixel more than another one. */
  private static final long GIF_PIXELS_OF_A_CODE = 3840;

  private static final int WEBP_VP8X = 0x58385056;
  private static final int WEBP_FRAME = 0x464d4e41;

  /**
   * Reads where it lies.
   *
   * @param format of {@link ImageFiles}
   * @param bytes the whole file
   * @return null if the first image is all there is
   * @throws IIOException if a WebP's frame does not fit on the canvas, Java's reader would misread
   *     a GIF, or its frame is too large for the limits or for the bytes of the file
   */
  static FirstFrame of(String format, byte[] bytes) throws IIOException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      return switch (format) {
        case "gif" -> ofGif(in);
        case "webp" -> ofWebp(in);
        default -> null;
      };
    } catch (IndexOutOfBoundsException e) {
      throw new IIOException(ImageFiles.TRUNCATED, e);
    }
  }

  private static FirstFrame ofGif(ByteBuffer in) throws IIOException {
    int width = in.getShort(6) & 0xffff;
    int height = in.getShort(8) & 0xffff;
    int palette = 13;
    int at = palette + paletteBytes(in.get(10));
    boolean hasPalette = at > palette;
    int around = 0;
    while ((in.get(at) & 0xff) != GIF_IMAGE) {
      if ((in.get(at) & 0xff) != GIF_EXTENSION) {
        return null;
      }
      // Label, length, flags, delay (two bytes), transparent index.
      if ((in.get(at + 1) & 0xff) == GIF_CONTROL && in.get(at + 2) >= 4) {
        around = (in.get(at + 3) & 1) == 1 ? in.get(at + 6) & 0xff : 0;
      }
      at += 2;
      for (int length = in.get(at) & 0xff; length > 0; length = in.get(at) & 0xff) {
        at += 1 + length;
      }
      at++;
    }
    int left = in.getShort(at + 1) & 0xffff;
    int top = in.getShort(at + 3) & 0xffff;
    int frameWidth = in.getShort(at + 5) & 0xffff;
    int frameHeight = in.getShort(at + 7) & 0xffff;
    ImageFiles.requireSize(frameWidth, frameHeight);
    if ((long) frameWidth * frameHeight > in.limit() * 8L / 12 * GIF_PIXELS_OF_A_CODE) {
      throw new IIOException(ImageFiles.TRUNCATED);
    }
    boolean interlaced = (in.get(at + 9) & GIF_INTERLACED) != 0;
    if (interlaced && frameHeight > 1 && frameHeight < GIF_ROWS) {
      // Java's reader takes rows of a pass that has none.
      throw new IIOException("interlaced frames of fewer than " + GIF_ROWS + " rows are not read");
    }
    int own = paletteBytes(in.get(at + 9));
    if (own > 0) {
      palette = at + 10;
      hasPalette = true;
    }
    int size = own > 0 ? own : paletteBytes(in.get(10));
    int rgb = 0;
    if (hasPalette && 3 * around < size) {
      int color = palette + 3 * around;
      rgb =
          (in.get(color) & 0xff) << 16 | (in.get(color + 1) & 0xff) << 8 | in.get(color + 2) & 0xff;
    }
    // A frame that is larger enlarges the canvas.
    return new FirstFrame(
        Math.max(width, left + frameWidth), Math.max(height, top + frameHeight), left, top, rgb);
  }

  private static int paletteBytes(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  private static FirstFrame ofWebp(ByteBuffer in) throws IIOException {
    if (in.getInt(12) != WEBP_VP8X) {
      return null;
    }
    int width = 1 + triple(in, 24);
    int height = 1 + triple(in, 27);
    long at = 12;
    while (at + 8 <= in.limit()) {
      int chunk = (int) at;
      if (in.getInt(chunk) == WEBP_FRAME) {
        int left = 2 * triple(in, chunk + 8);
        int top = 2 * triple(in, chunk + 11);
        int right = left + 1 + triple(in, chunk + 14);
        int bottom = top + 1 + triple(in, chunk + 17);
        if (right > width || bottom > height) {
          throw new IIOException(
              "a frame reaches to "
                  + right
                  + "x"
                  + bottom
                  + " on a canvas of "
                  + width
                  + "x"
                  + height);
        }
        return new FirstFrame(width, height, left, top, 0);
      }
      long length = Integer.toUnsignedLong(in.getInt(chunk + 4));
      at += 8 + length + length % 2;
    }
    return null;
  }

  private static int triple(ByteBuffer in, int at) {
    return in.getShort(at) & 0xffff | (in.get(at + 2) & 0xff) << 16;
  }

  /** The canvas with the frame (of type {@link BufferedImage#TYPE_3BYTE_BGR}) in its place. */
  BufferedImage place(BufferedImage frame) {
    if (frame.getWidth() == width && frame.getHeight() == height) {
      return frame;
    }
    Canvas canvas = new Canvas(width, height, rgb);
    byte[] from = Rgb8.bgr(frame);
    byte[] to = Rgb8.bgr(canvas.image());
    int row = 3 * frame.getWidth();
    for (int y = 0; y < frame.getHeight(); y++) {
      System.arraycopy(from, y * row, to, 3 * ((top + y) * width + left), row);
    }
    return canvas.image();
  }
}
