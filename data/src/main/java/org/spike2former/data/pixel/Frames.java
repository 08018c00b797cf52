package org.spike2former.data.pixel;

/**
 * Event frames: what an event camera saw in T intervals, one after another. Arrays are not copied
 * and must not be written to.
 *
 * @param steps T
 * @param height pixels
 * @param width pixels
 * @param channels C, such as a count of events for each polarity
 * @param values finite, [height, width, T, C]: those of a pixel lie together
 */
public record Frames(int steps, int height, int width, int channels, float[] values)
    implements Pixels {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if the array does not have it
   */
  public Frames {
    boolean positive = steps > 0 && height > 0 && width > 0 && channels > 0;
    if (!positive || values.length != (double) steps * height * width * channels) {
      throw new IllegalArgumentException(
          String.join(
              "",
              values.length + " numbers do not fill " + steps + " frames of ",
              width + "x" + height + " pixels and " + channels + " channels"));
    }
  }

  /** Frames from numbers in the order [T, height, width, C], as files have them. */
  public static Frames ofPlanes(int steps, int height, int width, int channels, float[] planes) {
    if (steps == 1) {
      return new Frames(1, height, width, channels, planes);
    }
    float[] values = new float[planes.length];
    int pixels = height * width;
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < pixels; i++) {
        int from = (t * pixels + i) * channels;
        System.arraycopy(planes, from, values, (i * steps + t) * channels, channels);
      }
    }
    return new Frames(steps, height, width, channels, values);
  }

  /** Numbers of a pixel in all frames. */
  int depth() {
    return steps * channels;
  }

  @Override
  public Frames crop(int top, int left, int h, int w) {
    int depth = depth();
    float[] part = new float[h * w * depth];
    for (int y = 0; y < h; y++) {
      int from = ((top + y) * width + left) * depth;
      System.arraycopy(values, from, part, y * w * depth, w * depth);
    }
    return new Frames(steps, h, w, channels, part);
  }

  @Override
  public Frames gathered(int h, int w, int[] from) {
    int depth = depth();
    float[] moved = new float[h * w * depth];
    for (int i = 0; i < from.length; i++) {
      if (from[i] != NONE) {
        System.arraycopy(values, from[i] * depth, moved, i * depth, depth);
      }
    }
    return new Frames(steps, h, w, channels, moved);
  }

  @Override
  public Frames resized(int h, int w) {
    if (h == height && w == width) {
      return this;
    }
    int depth = depth();
    float[] out = new float[Math.multiplyExact(Math.multiplyExact(h, w), depth)];
    double down = 1 / ((double) h / height);
    double right = 1 / ((double) w / width);
    for (int y = 0; y < h; y++) {
      double row = (y + 0.5) * down - 0.5;
      for (int x = 0; x < w; x++) {
        double column = (x + 0.5) * right - 0.5;
        blend(row, column, out, (y * w + x) * depth);
      }
    }
    return new Frames(steps, h, w, channels, out);
  }

  /** The numbers at a place between pixels; those on the border go on beyond it. */
  private void blend(double row, double column, float[] out, int to) {
    int depth = depth();
    int top = (int) Math.floor(row);
    int left = (int) Math.floor(column);
    double lower = row - top;
    double righter = column - left;
    int y0 = Math.clamp(top, 0, height - 1) * width;
    int y1 = Math.clamp(top + 1, 0, height - 1) * width;
    int x0 = Math.clamp(left, 0, width - 1);
    int x1 = Math.clamp(left + 1, 0, width - 1);
    for (int c = 0; c < depth; c++) {
      double upperRow =
          (1 - righter) * values[(y0 + x0) * depth + c] + righter * values[(y0 + x1) * depth + c];
      double lowerRow =
          (1 - righter) * values[(y1 + x0) * depth + c] + righter * values[(y1 + x1) * depth + c];
      out[to + c] = (float) ((1 - lower) * upperRow + lower * lowerRow);
    }
  }

  @Override
  public Frames rotated(Rotation rotation) {
    int depth = depth();
    float[] turned = new float[values.length];
    rotation.bilinear(
        height,
        width,
        (to, from, weights) -> {
          for (int c = 0; c < depth; c++) {
            double sum = 0;
            for (int i = 0; i < from.length; i++) {
              sum += from[i] == NONE ? 0 : weights[i] * values[from[i] * depth + c];
            }
            turned[to * depth + c] = (float) sum;
          }
        });
    return new Frames(steps, height, width, channels, turned);
  }

  /** As {@link FrameImage} draws it; it brings the frames along. */
  @Override
  public FrameImage image() {
    return new FrameImage(this);
  }
}
