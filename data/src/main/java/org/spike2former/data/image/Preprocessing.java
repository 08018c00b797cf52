package org.spike2former.data.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.pixel.ColorPixels;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.data.pixel.Frames;
import org.spike2former.data.pixel.Pixels;

/**
 * How an image becomes the input of a network: rescaled, normalised by the mean and the standard
 * deviation of each channel, and padded with zeros below and on the right.
 *
 * @param mean of each channel; of red, green and blue in units of 0…255
 * @param std standard deviation of each channel, positive
 * @param resize null: the size stays
 * @param sizeDivisor height and width are padded to multiples of this; 1: no padding
 * @param framed whether images are event frames, of any number of channels, in place of colours
 */
public record Preprocessing(
    double[] mean, double[] std, ResizeRule resize, int sizeDivisor, boolean framed) {
  /** Shortest side that the network can take: its maps are 16 times smaller than its input. */
  public static final int MIN_SIDE = 16;

  /** ImageNet's mean and deviation; images are taken in their own size. */
  public static final Preprocessing IMAGENET =
      new Preprocessing(
          new double[] {123.675, 116.28, 103.53}, new double[] {58.395, 57.12, 57.375}, null, 1);

  /** Channels of images in colours. */
  public static final int COLORS = 3;

  private static final String RGB = "rgb";
  private static final String FRAMES = "frames";

  /** Largest {@code sizeDivisor}. */
  public static final int MAX_DIVISOR = 1024;

  /** Beyond this, and its reciprocal, a pixel in float32 would no longer be finite. */
  private static final double LIMIT = 1e6;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they are out of range
   */
  public Preprocessing {
    if (!framed && (mean.length != COLORS || std.length != COLORS)) {
      throw new IllegalArgumentException("expected 3 means and 3 standard deviations");
    }
    if (mean.length < 1 || mean.length > FrameFile.MAX_DEPTH) {
      throw BadValueException.of("mean", "1 to " + FrameFile.MAX_DEPTH + " numbers", mean.length);
    }
    if (mean.length != std.length) {
      throw BadValueException.of("std", "as many numbers as mean has, " + mean.length, std.length);
    }
    for (int c = 0; c < mean.length; c++) {
      if (!(Math.abs(mean[c]) <= LIMIT)) {
        throw BadValueException.of("mean", "-1e6 to 1e6", mean[c]);
      }
      if (!(std[c] > 0)) {
        throw BadValueException.of("std", "positive numbers", std[c]);
      }
      if (!(std[c] >= 1 / LIMIT && std[c] <= LIMIT)) {
        throw BadValueException.of("std", "1e-6 to 1e6", std[c]);
      }
    }
    if (sizeDivisor < 1 || sizeDivisor > MAX_DIVISOR) {
      throw BadValueException.of("size_divisor", "1 to " + MAX_DIVISOR, sizeDivisor);
    }
    mean = mean.clone();
    std = std.clone();
  }

  /** Of images in colours. */
  public Preprocessing(double[] mean, double[] std, ResizeRule resize, int sizeDivisor) {
    this(mean, std, resize, sizeDivisor, false);
  }

  /** C, the numbers of a pixel that the network sees at a time. */
  public int channels() {
    return mean.length;
  }

  /** A copy. */
  @Override
  public double[] mean() {
    return mean.clone();
  }

  /** A copy. */
  @Override
  public double[] std() {
    return std.clone();
  }

  /**
   * The keys of a {@code preprocess.json}.
   *
   * @param sizeDivisor default 1
   */
  private record Keys(
      @JsonProperty(required = true) String channels,
      @JsonProperty(required = true) @Range(size = 3) List<Double> mean,
      @JsonProperty(required = true) @Range(size = 3) List<Double> std,
      ResizeRule resize,
      @Range(min = 1, max = MAX_DIVISOR) Integer sizeDivisor) {
    private Keys {
      Ranges.check(Keys.class, channels, mean, std, resize, sizeDivisor);
      if (!channels.equals(RGB)) {
        throw BadValueException.of("channels", '"' + RGB + '"', '"' + channels + '"');
      }
      sizeDivisor = sizeDivisor == null ? 1 : sizeDivisor;
      // So that errors name the line.
      new Preprocessing(Preprocessing.array(mean), Preprocessing.array(std), resize, sizeDivisor);
    }
  }

  /** The keys of a {@code preprocess.json} for event frames. */
  private record FrameKeys(
      @JsonProperty(required = true) String channels,
      @JsonProperty(required = true) @Range List<Double> mean,
      @JsonProperty(required = true) @Range List<Double> std,
      ResizeRule resize,
      @Range(min = 1, max = MAX_DIVISOR) Integer sizeDivisor) {
    private FrameKeys {
      Ranges.check(FrameKeys.class, channels, mean, std, resize, sizeDivisor);
      sizeDivisor = sizeDivisor == null ? 1 : sizeDivisor;
      preprocessing(mean, std, resize, sizeDivisor);
    }

    private static Preprocessing preprocessing(
        List<Double> mean, List<Double> std, ResizeRule resize, int divisor) {
      return new Preprocessing(array(mean), array(std), resize, divisor, true);
    }
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Reads a {@code preprocess.json}: {@code channels} ("rgb" or "frames"), {@code mean}, {@code
   * std} and, where wanted, {@code resize} ({@code shortest_edge}, {@code max_size}) and {@code
   * size_divisor}.
   *
   * @throws IOException "FILE: key: what is wrong"
   */
  public static Preprocessing read(Path file) throws IOException {
    return of(ConfigTree.readJson(file));
  }

  /** What {@link #read} makes of a file's tree. */
  public static Preprocessing of(ConfigTree tree) throws IOException {
    if (FRAMES.equals(tree.text("channels"))) {
      FrameKeys keys = tree.bind(FrameKeys.class);
      return FrameKeys.preprocessing(keys.mean(), keys.std(), keys.resize(), keys.sizeDivisor());
    }
    Keys keys = tree.bind(Keys.class);
    return new Preprocessing(
        array(keys.mean()), array(keys.std()), keys.resize(), keys.sizeDivisor());
  }

  /** The same with another rule for the size; null: the size stays. */
  public Preprocessing withResize(ResizeRule rule) {
    return new Preprocessing(mean, std, rule, sizeDivisor, framed);
  }

  /** What {@code preprocess.json} calls such channels: "rgb" or "frames". */
  public String kind() {
    return framed ? FRAMES : RGB;
  }

  /**
   * Rescales an image; the result gives the network's input.
   *
   * @param image a photo, or a {@link org.spike2former.data.pixel.FrameImage}
   * @throws IllegalArgumentException if the image has a side below {@value #MIN_SIDE} pixels before
   *     or after rescaling, or too many pixels after it, or channels that the network does not take
   */
  public PreparedImage prepare(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    if (Math.min(height, width) < MIN_SIDE) {
      throw new IllegalArgumentException(
          "an image of " + size(width, height) + " is too small; sides need " + MIN_SIDE);
    }
    int newHeight = height;
    int newWidth = width;
    if (resize != null) {
      double factor = resize.factor(height, width);
      newHeight = ResizeRule.scaled(height, factor);
      newWidth = ResizeRule.scaled(width, factor);
    }
    String sizes =
        "an image of " + size(width, height) + ", rescaled to " + size(newWidth, newHeight);
    if (Math.min(newHeight, newWidth) < MIN_SIDE) {
      throw new IllegalArgumentException(sizes + ", is too small; sides need " + MIN_SIDE);
    }
    int paddedHeight = padded(newHeight);
    int paddedWidth = padded(newWidth);
    if ((long) paddedHeight * paddedWidth > ImageLimit.PIXELS.value()) {
      throw new IllegalArgumentException(
          sizes + ", is too large; its pixels are more than " + ImageLimit.PIXELS);
    }
    Pixels pixels = Pixels.of(image);
    requireKind(pixels);
    return new PreparedImage(
        pixels.resized(newHeight, newWidth), paddedHeight, paddedWidth, height, width, this);
  }

  private void requireKind(Pixels pixels) {
    boolean frames = pixels instanceof Frames;
    if (frames != framed || pixels.channels() != mean.length) {
      throw new IllegalArgumentException(
          (frames ? "event frames of " + count(pixels.channels()) : "an image in colours")
              + ", where the model takes "
              + (framed ? "event frames (.npy) of " + count(mean.length) : "images in colours"));
    }
  }

  private static String count(int channels) {
    return channels == 1 ? "1 channel" : channels + " channels";
  }

  /**
   * Normalises an image in float32: {@code (x − mean)/std} with every step in float32, as PyTorch
   * computes it.
   *
   * @param step which of the frames, from 0
   * @param out receives row y at {@code offset + y·stride}; the rest of it is left alone
   */
  public void normalise(Pixels pixels, int step, float[] out, int offset, int stride) {
    switch (pixels) {
      case ColorPixels colors -> normalise(colors, out, offset, stride);
      case Frames frames -> normalise(frames, step, out, offset, stride);
    }
  }

  private void normalise(Frames frames, int step, float[] out, int offset, int stride) {
    int channels = frames.channels();
    int depth = frames.steps() * channels;
    float[] values = frames.values();
    for (int y = 0; y < frames.height(); y++) {
      for (int x = 0; x < frames.width(); x++) {
        int from = (y * frames.width() + x) * depth + step * channels;
        int to = offset + y * stride + x * channels;
        for (int c = 0; c < channels; c++) {
          out[to + c] = (values[from + c] - (float) mean[c]) / (float) std[c];
        }
      }
    }
  }

  private void normalise(ColorPixels colors, float[] out, int offset, int stride) {
    byte[] rgb = colors.rgb();
    int height = colors.height();
    int width = colors.width();
    float[] table = new float[3 * 256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (i / 3 - (float) mean[i % 3]) / (float) std[i % 3];
    }
    int at = 0;
    for (int y = 0; y < height; y++) {
      int to = offset + y * stride;
      for (int x = 0; x < width; x++, at += 3, to += 3) {
        out[to] = table[3 * (rgb[at] & 0xff)];
        out[to + 1] = table[3 * (rgb[at + 1] & 0xff) + 1];
        out[to + 2] = table[3 * (rgb[at + 2] & 0xff) + 2];
      }
    }
  }

  private int padded(int side) {
    return (side + sizeDivisor - 1) / sizeDivisor * sizeDivisor;
  }

  private static String size(int width, int height) {
    return width + "x" + height + " pixels";
  }
}
