package org.spike2former.data.pixel;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.Rgb8;

/**
 * A picture of event frames, which brings them along: whoever shows it draws the picture, and a
 * network sees the frames. A copy of the picture alone is a photo like any other, which networks
 * for frames refuse.
 *
 * <p>Positive events are orange and negative ones blue, brighter where there are more, on black.
 * With two channels the first counts the negative and the second the positive events, whatever sign
 * the numbers have; with any other number of channels the sign of each number is its polarity. All
 * frames are added up. The 99th percentile of the numbers that are not 0 is as bright as can be.
 */
public final class FrameImage extends BufferedImage {
  private static final int[] POSITIVE = {255, 140, 30};
  private static final int[] NEGATIVE = {50, 140, 255};
  private static final double BRIGHT = 0.99;

  private final Frames frames;

  /** Draws frames. */
  public FrameImage(Frames frames) {
    super(frames.width(), frames.height(), TYPE_3BYTE_BGR);
    this.frames = frames;
    draw();
  }

  /**
   * Reads a file: frames where its name ends in {@code .npy}, else a photo, turned upright.
   *
   * @return for frames an image of this class
   * @throws IOException naming the file if it cannot be read
   */
  public static BufferedImage read(Path file) throws IOException {
    return FrameFile.isNamed(file) ? FrameFile.read(file).image() : ImageFiles.read(file);
  }

  /** What the network sees. */
  public Frames frames() {
    return frames;
  }

  private void draw() {
    int pixels = frames.height() * frames.width();
    int depth = frames.depth();
    float[] sums = new float[2 * pixels];
    float[] values = frames.values();
    for (int i = 0; i < values.length; i++) {
      float value = values[i];
      boolean positive = frames.channels() == 2 ? i % 2 == 1 : value > 0;
      sums[2 * (i / depth) + (positive ? 1 : 0)] += Math.abs(value);
    }
    float full = bright(sums);
    byte[] bgr = Rgb8.bgr(this);
    for (int i = 0; i < pixels && full > 0; i++) {
      double negative = Math.min(1, sums[2 * i] / full);
      double positive = Math.min(1, sums[2 * i + 1] / full);
      for (int c = 0; c < 3; c++) {
        double level = negative * NEGATIVE[c] + positive * POSITIVE[c];
        bgr[3 * i + 2 - c] = (byte) (int) Math.min(255, level + 0.5);
      }
    }
  }

  /** What is drawn as bright as can be; 0 where there is nothing to draw. */
  private static float bright(float[] sums) {
    float[] sorted = sums.clone();
    Arrays.sort(sorted);
    int first = 0;
    while (first < sorted.length && sorted[first] == 0) {
      first++;
    }
    int count = sorted.length - first;
    return count == 0 ? 0 : sorted[first + (int) (BRIGHT * (count - 1))];
  }
}
