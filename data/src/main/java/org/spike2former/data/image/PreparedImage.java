package org.spike2former.data.image;

import java.util.Arrays;
import org.spike2former.data.pixel.ColorPixels;
import org.spike2former.data.pixel.Frames;
import org.spike2former.data.pixel.Pixels;

/**
 * An image at the network's size, and the size that it came from.
 *
 * @param pixels before normalisation and padding
 * @param height height of the network's input, with padding below
 * @param width width of the network's input, with padding on the right
 * @param originalHeight height before rescaling
 * @param originalWidth width before rescaling
 * @param preprocessing gives mean and standard deviation
 */
public record PreparedImage(
    Pixels pixels,
    int height,
    int width,
    int originalHeight,
    int originalWidth,
    Preprocessing preprocessing) {

  /** Height without padding. */
  public int contentHeight() {
    return pixels.height();
  }

  /** Width without padding. */
  public int contentWidth() {
    return pixels.width();
  }

  /** T, how many frames it has. */
  public int steps() {
    return pixels.steps();
  }

  /** C, numbers of a pixel in a frame. */
  public int channels() {
    return pixels.channels();
  }

  /**
   * The shape of the network's input: [1, height, width, C]; of several frames [T, 1, height,
   * width, C].
   */
  public int[] shape() {
    return steps() == 1
        ? new int[] {1, height, width, channels()}
        : new int[] {steps(), 1, height, width, channels()};
  }

  /**
   * RGB bytes before normalisation and padding, [contentHeight, contentWidth, 3].
   *
   * @throws IllegalStateException if it has no colours
   */
  public byte[] rgb() {
    return switch (pixels) {
      case ColorPixels colors -> colors.rgb();
      case Frames _ -> throw new IllegalStateException("event frames have no colours");
    };
  }

  /**
   * The network's input in float32, of {@link #shape}; colours red first: {@code (x − mean)/std}
   * with every step in float32, as PyTorch computes it; padding is 0.
   */
  public float[] floats() {
    int frame = channels() * height * width;
    float[] out = new float[Math.multiplyExact(steps(), frame)];
    for (int t = 0; t < steps(); t++) {
      preprocessing.normalise(pixels, t, out, t * frame, channels() * width);
    }
    return out;
  }

  /** The same in float64. */
  public double[] doubles() {
    double[] mean = preprocessing.mean();
    double[] std = preprocessing.std();
    int channels = channels();
    int frame = channels * height * width;
    double[] out = new double[Math.multiplyExact(steps(), frame)];
    for (int t = 0; t < steps(); t++) {
      for (int y = 0; y < contentHeight(); y++) {
        for (int i = 0; i < channels * contentWidth(); i++) {
          int pixel = contentWidth() * y + i / channels;
          int c = i % channels;
          double level =
              switch (pixels) {
                case ColorPixels colors -> colors.rgb()[channels * pixel + c] & 0xff;
                case Frames frames -> frames.values()[(pixel * steps() + t) * channels + c];
              };
          out[t * frame + channels * width * y + i] = (level - mean[c]) / std[c];
        }
      }
    }
    return out;
  }

  /** The same with left and right exchanged; padding stays on the right. */
  public PreparedImage mirrored() {
    int w = contentWidth();
    int[] from = new int[contentHeight() * w];
    Arrays.setAll(from, i -> i - i % w + w - 1 - i % w);
    return new PreparedImage(
        pixels.gathered(contentHeight(), w, from),
        height,
        width,
        originalHeight,
        originalWidth,
        preprocessing);
  }
}
