package org.spike2former.data.image;

import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reading and writing image files.
 *
 * <p>Pixels are the stored ones, as OpenCV's {@code imread} gives them: colour profiles are
 * ignored, alpha is dropped, 16-bit samples keep their upper byte, and the Exif orientation is
 * applied. The first frame of an animation lies on its canvas. JPEG pixels equal libjpeg-turbo's,
 * except where chroma is halved vertically only (4:4:0). Lossy WebP is off by one or two levels on
 * average, because its decoder smooths neither colours nor block borders as libwebp does; lossless
 * files are exact.
 */
public final class ImageFiles {
  /**
   * Most pixels that an image may have where {@code -Ds2f.max-pixels} does not say otherwise;
   * larger ones are refused before memory is allocated.
   */
  public static final long MAX_PIXELS = 100_000_000;

  /** What is said of a truncated file. */
  static final String TRUNCATED = "the file ends too early";

  /** What an image without a file is called. */
  private static final String UNNAMED = "the image";

  private static final Logger LOG = LoggerFactory.getLogger(ImageFiles.class);
  private static final Set<String> FORMATS = Set.of("jpeg", "png", "webp", "bmp", "gif", "tif");

  private ImageFiles() {}

  /**
   * Reads a JPEG, PNG, WebP, BMP, GIF (first frame) or TIFF (first page) file.
   *
   * @return the upright image, of type {@link BufferedImage#TYPE_3BYTE_BGR}
   * @throws IOException "FILE: what is wrong" if the file is missing, no image, damaged, or asks
   *     for more than the limits, such as {@link #MAX_PIXELS}, allow
   */
  public static BufferedImage read(Path file) throws IOException {
    return readStored(file).upright();
  }

  /**
   * Reads the contents of such a file.
   *
   * @return as {@link #read(Path)}
   * @throws IOException "the image: what is wrong"
   */
  public static BufferedImage read(byte[] file) throws IOException {
    if (file.length == 0) {
      throw new IOException(UNNAMED + ": it has no bytes");
    }
    requireBytes(UNNAMED, file.length);
    return decode(UNNAMED, file, ImageFiles::stored).upright();
  }

  /**
   * Reads the contents of such a file from a stream, to its end; it is not closed.
   *
   * @return as {@link #read(Path)}
   * @throws IOException "the image: what is wrong", or as the stream
   */
  public static BufferedImage read(InputStream file) throws IOException {
    try {
      return read(
          file.readNBytes((int) Math.min(Integer.MAX_VALUE, ImageLimit.FILE_BYTES.value() + 1)));
    } catch (OutOfMemoryError e) {
      throw new IOException(UNNAMED + ": it does not fit into memory (see -Xmx)", e);
    }
  }

  /**
   * An image as it lies in the file.
   *
   * @param image the pixels, of type {@link BufferedImage#TYPE_3BYTE_BGR}
   * @param orientation of Exif: 1 is upright, 2 to 8 are mirrored or turned
   */
  public record Stored(BufferedImage image, int orientation) {
    /** The image turned upright. */
    public BufferedImage upright() {
      return ExifOrientation.apply(image, orientation);
    }
  }

  /**
   * Reads a file like {@link #read}, without applying its Exif orientation.
   *
   * @throws IOException as {@link #read}
   */
  public static Stored readStored(Path file) throws IOException {
    return decode(file, ImageFiles::stored);
  }

  private static Stored stored(ImageReader reader, String format, byte[] bytes) throws IOException {
    return new Stored(pixels(reader, format, bytes), ExifOrientation.read(bytes, format));
  }

  /** Why a file that does not exist is missing: it is a link that leads nowhere, or not there. */
  public static String absence(Path file) {
    try {
      return Files.isSymbolicLink(file)
          ? "a link to " + Files.readSymbolicLink(file) + ", which is not there"
          : Files.exists(file) ? "not a file" : "no such file";
    } catch (IOException _) {
      return "a link that cannot be read";
    }
  }

  /**
   * An image's pixels, red first.
   *
   * @return RGB bytes, [height, width, 3]
   * @throws IllegalArgumentException if its samples are not grey, palette or RGB
   */
  public static byte[] rgb(BufferedImage image) {
    byte[] bgr;
    try {
      bgr = Rgb8.bgr(Rgb8.of(image));
    } catch (IIOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    byte[] rgb = new byte[bgr.length];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = bgr[i + 2];
      rgb[i + 1] = bgr[i + 1];
      rgb[i + 2] = bgr[i];
    }
    return rgb;
  }

  /**
   * Writes a PNG file, whole or not at all; parent folders are created.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static void writePng(BufferedImage image, Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": cannot be written: it is a folder");
    }
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling(".png-" + UUID.randomUUID());
    try {
      Files.createDirectories(target.getParent());
      Files.createFile(temporary);
      try {
        try (ImageOutputStream out = new FileImageOutputStream(temporary.toFile())) {
          if (!ImageIO.write(image, "png", out)) {
            throw new IOException("no PNG for images of type " + image.getType());
          }
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new IOException(file + ": cannot be written: " + unwritable(e), e);
    }
  }

  /** The reason without the temporary file's name. */
  private static String unwritable(IOException e) {
    Throwable cause = e.getCause() instanceof IOException ? e.getCause() : e;
    if (cause instanceof AccessDeniedException) {
      return "no permission";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return cause.getMessage() + " is not a folder";
    }
    return cause instanceof FileSystemException refused && refused.getReason() != null
        ? refused.getReason()
        : cause.getMessage();
  }

  /** What to do with an opened image file. */
  public interface Decoder<T> {
    /**
     * Decodes the first image.
     *
     * @param reader one that has the file as its input
     * @param format one of {@link #FORMATS}
     * @param bytes the whole file
     */
    T decode(ImageReader reader, String format, byte[] bytes) throws IOException;
  }

  /** Opens a file, checks its size in pixels and turns failures into "FILE: what is wrong". */
  public static <T> T decode(Path file, Decoder<T> decoder) throws IOException {
    return decode(file.toString(), bytes(file), decoder);
  }

  private static <T> T decode(String file, byte[] bytes, Decoder<T> decoder) throws IOException {
    ImageLimit.check();
    try (ImageInputStream in = new BytesInputStream(bytes)) {
      ImageReader reader = reader(in);
      if (reader == null) {
        String foreign = ForeignFormat.nameOf(bytes);
        throw new UnknownFormatException(
            file
                + (foreign == null
                    ? ": not an image that can be read (JPEG, PNG, WebP, BMP, GIF, TIFF)"
                    : ": is " + foreign + ", which is not read; convert it to PNG or JPEG"));
      }
      String format = format(reader);
      try {
        reader.setInput(in, true, true);
        FileStructure.check(format, bytes);
        if (!format.equals("webp")) {
          requireSize(reader.getWidth(0), reader.getHeight(0));
        }
        return decoder.decode(reader, format, bytes);
      } catch (IOException | RuntimeException e) {
        LOG.debug("{} could not be decoded", file, e);
        throw new IOException(
            file + ": cannot be read as " + format.toUpperCase(Locale.ROOT) + ": " + reason(e), e);
      } catch (OutOfMemoryError e) {
        throw new IOException(file + ": the image does not fit into memory (see -Xmx)", e);
      } finally {
        reader.dispose();
      }
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + ": " + absence(file));
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": not a file");
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": no permission to read it");
    }
    long size = Files.size(file);
    if (size == 0) {
      throw new IOException(file + ": the file is empty");
    }
    requireBytes(file.toString(), size);
    try {
      return Files.readAllBytes(file);
    } catch (OutOfMemoryError e) {
      throw new IOException(file + ": the file does not fit into memory (see -Xmx)", e);
    }
  }

  private static void requireBytes(String file, long size) throws IOException {
    if (size > ImageLimit.FILE_BYTES.value()) {
      throw new IOException(file + ": " + size + " bytes are more than " + ImageLimit.FILE_BYTES);
    }
  }

  /** Refuses an image without pixels, or with more than the limit. */
  static void requireSize(long width, long height) throws IIOException {
    if (width < 1 || height < 1) {
      throw new IIOException("the header says " + width + "x" + height + " pixels");
    }
    if (width > ImageLimit.PIXELS.value() / height) {
      throw new IIOException(width + "x" + height + " pixels are more than " + ImageLimit.PIXELS);
    }
  }

  private static BufferedImage pixels(ImageReader reader, String format, byte[] bytes)
      throws IOException {
    if (format.equals("jpeg")) {
      return Jpeg.read(reader, bytes);
    }
    DamageListener damage = new DamageListener();
    reader.addIIOReadWarningListener(damage);
    ImageReadParam param = reader.getDefaultReadParam();
    FirstFrame frame = FirstFrame.of(format, bytes);
    if (frame != null) {
      requireSize(frame.width(), frame.height());
    }
    if (format.equals("webp")) {
      WebpStructure picture = WebpStructure.of(bytes);
      if (picture.lossless()) {
        BufferedImage image = WebpLossless.decode(bytes, picture.from(), picture.end());
        return frame == null ? image : frame.place(image);
      }
      // A destination in the file's own colours keeps the reader from applying an ICC profile.
      param.setDestinationType(reader.getRawImageType(0));
    }
    BufferedImage image = reader.read(0, param);
    damage.throwIfAny();
    BufferedImage rgb = format.equals("tif") ? TiffColors.rgb(image, bytes) : Rgb8.of(image);
    return frame == null ? rgb : frame.place(rgb);
  }

  private static ImageReader reader(ImageInputStream in) {
    for (Iterator<ImageReader> readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
      ImageReader reader = readers.next();
      if (format(reader) != null) {
        return reader;
      }
      reader.dispose();
    }
    return null;
  }

  private static String format(ImageReader reader) {
    for (String name : reader.getOriginatingProvider().getFormatNames()) {
      if (FORMATS.contains(name.toLowerCase(Locale.ROOT))) {
        return name.toLowerCase(Locale.ROOT);
      }
    }
    return null;
  }

  private static String reason(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return "it does not fit into memory (see -Xmx)";
      }
      if (cause instanceof EOFException || TRUNCATED.equals(cause.getMessage())) {
        return TRUNCATED;
      }
    }
    return e instanceof IOException && e.getMessage() != null
        ? e.getMessage().strip().replaceAll("\\s+", " ")
        : "the data are damaged";
  }
}
