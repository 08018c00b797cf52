package org.spike2former.data.pixel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.spike2former.data.image.ImageLimit;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Npy;

/**
 * Event frames in numpy's format: [H, W, C], or [T, H, W, C] with a frame for each time step. Any
 * type of number that {@link Npy} reads will do; a network sees it as float32.
 */
public final class FrameFile {
  /** End of the files' names. */
  public static final String SUFFIX = ".npy";

  /** Most numbers of a pixel, T·C. */
  public static final int MAX_DEPTH = 1024;

  private FrameFile() {}

  /** Whether a file's name says that it holds frames. */
  public static boolean isNamed(Path file) {
    return isSuffix(file.toString());
  }

  /** Whether names that end so are those of frames. */
  public static boolean isSuffix(String suffix) {
    return suffix.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
  }

  /**
   * Reads a file.
   *
   * @throws IOException naming the file, if it is no such array, is larger than the limits for
   *     images allow, or has a number that is not finite
   */
  public static Frames read(Path file) throws IOException {
    ImageLimit limit = ImageLimit.FILE_BYTES;
    if (Files.isRegularFile(file) && Files.size(file) > limit.value()) {
      throw new FormatException(
          file, "has " + Files.size(file) + " bytes; that is more than " + limit);
    }
    Npy array = Npy.read(file);
    int[] shape = array.shape();
    if (shape.length != 3 && shape.length != 4) {
      throw unfit(file, shape);
    }
    int first = shape.length - 3;
    int steps = first == 0 ? 1 : shape[0];
    int height = shape[first];
    int width = shape[first + 1];
    int channels = shape[first + 2];
    if (Arrays.stream(shape).anyMatch(extent -> extent < 1)
        || (long) steps * channels > MAX_DEPTH) {
      throw unfit(file, shape);
    }
    if ((long) height * width > ImageLimit.PIXELS.value()) {
      throw new FormatException(
          file,
          "holds frames of "
              + (width + "x" + height)
              + " pixels; that is more than "
              + ImageLimit.PIXELS);
    }
    float[] planes = floats(file, array.tensor(), shape);
    return Frames.ofPlanes(steps, height, width, channels, planes);
  }

  private static FormatException unfit(Path file, int[] shape) {
    return new FormatException(
        file,
        "expected event frames [H, W, C] or [T, H, W, C] with at most "
            + MAX_DEPTH
            + " numbers a pixel, found "
            + Arrays.toString(shape));
  }

  private static float[] floats(Path file, Tensor tensor, int[] shape) throws FormatException {
    float[] values = tensor.to(DType.F32).floats();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new FormatException(
            file, "holds " + tensor.get(i) + " at " + Arrays.toString(place(i, shape)));
      }
    }
    return values;
  }

  private static int[] place(int index, int[] shape) {
    int[] place = new int[shape.length];
    int rest = index;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return place;
  }

  /**
   * Writes frames [H, W, C], or of several time steps [T, H, W, C], as float32.
   *
   * @param planes [T, H, W, C]
   * @throws IOException if the file cannot be written; nothing is left then
   */
  public static void write(
      Path file, int steps, int height, int width, int channels, float[] planes)
      throws IOException {
    Tensor tensor =
        steps == 1
            ? Tensor.of(planes, height, width, channels)
            : Tensor.of(planes, steps, height, width, channels);
    Npy.write(file, tensor);
  }
}
