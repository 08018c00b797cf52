package org.spike2former.data.transform;

import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.image.Resampling;
import org.spike2former.data.image.ResizeRule;

/**
 * Steps that change the size: images bilinear, labels nearest. Sizes are those of mmcv and
 * mmsegmentation, where "keep ratio" means the largest size whose long and short side do not exceed
 * those of the scale.
 */
public final class Resizes {
  private Resizes() {}

  /** Most pixels of a side after a resize. */
  static final int MAX_SIDE = 16_384;

  /** The sample at another size. */
  static Sample to(Sample sample, int height, int width) {
    int newHeight = Math.max(1, Math.min(MAX_SIDE, height));
    int newWidth = Math.max(1, Math.min(MAX_SIDE, width));
    return new Sample(
        sample.name(),
        newHeight,
        newWidth,
        Resampling.bilinear(sample.rgb(), sample.height(), sample.width(), 3, newHeight, newWidth),
        Resampling.nearest(sample.labels(), sample.height(), sample.width(), newHeight, newWidth));
  }

  private static Sample by(Sample sample, double factor) {
    return to(
        sample,
        ResizeRule.scaled(sample.height(), factor),
        ResizeRule.scaled(sample.width(), factor));
  }

  private static Sample within(Sample sample, int width, int height) {
    double longSide = Math.max(width, height);
    double shortSide = Math.min(width, height);
    return by(
        sample,
        Math.min(
            longSide / Math.max(sample.height(), sample.width()),
            shortSide / Math.min(sample.height(), sample.width())));
  }

  /**
   * To a fixed size.
   *
   * @param width of the scale
   * @param height of the scale
   * @param keepRatio whether the image's aspect ratio stays
   */
  public record Resize(int width, int height, boolean keepRatio) implements Transform {
    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      return keepRatio ? within(sample, width, height) : to(sample, height, width);
    }
  }

  /**
   * To a scale times a ratio drawn evenly from {@code min} to {@code max}.
   *
   * @param width of the scale; 0: the image's own size is the scale
   * @param height of the scale; 0 with {@code width}
   * @param min smallest ratio
   * @param max largest ratio
   * @param keepRatio whether the image's aspect ratio stays
   */
  public record RandomResize(int width, int height, double min, double max, boolean keepRatio)
      implements Transform {
    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      double ratio = min + random.nextDouble() * (max - min);
      if (width == 0) {
        return by(sample, ratio);
      }
      int w = (int) (width * ratio);
      int h = (int) (height * ratio);
      return keepRatio ? within(sample, w, h) : to(sample, h, w);
    }
  }

  /**
   * The shorter side to {@code edge} pixels, unless the longer one would exceed {@code maxSize}.
   *
   * @param edge pixels
   * @param maxSize pixels
   */
  public record ResizeShortestEdge(int edge, int maxSize) implements Transform {
    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      double height = sample.height();
      double width = sample.width();
      double factor = edge / Math.min(height, width);
      if (Math.max(height, width) * factor > maxSize) {
        factor *= maxSize / (Math.max(height, width) * factor);
      }
      // The size is rounded, and the image then fitted into it: mmsegmentation does both.
      return within(
          sample,
          ResizeRule.scaled(sample.width(), factor),
          ResizeRule.scaled(sample.height(), factor));
    }
  }

  /**
   * {@link ResizeShortestEdge} with an edge drawn from a list.
   *
   * @param edges pixels
   * @param maxSize pixels
   */
  public record RandomChoiceResize(int[] edges, int maxSize) implements Transform {
    /** Keeps a copy. */
    public RandomChoiceResize {
      edges = edges.clone();
    }

    /** A copy. */
    @Override
    public int[] edges() {
      return edges.clone();
    }

    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      int edge = edges[random.nextInt(edges.length)];
      return new ResizeShortestEdge(edge, maxSize).apply(sample, random);
    }
  }

  /**
   * Both sides up to the next multiple of a number.
   *
   * @param divisor the number
   */
  public record ResizeToMultiple(int divisor) implements Transform {
    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      return to(
          sample,
          Math.ceilDiv(sample.height(), divisor) * divisor,
          Math.ceilDiv(sample.width(), divisor) * divisor);
    }
  }
}
