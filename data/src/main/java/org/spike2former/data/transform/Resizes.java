package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.image.Resampling;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.panoptic.PanopticMap;

/**
 * Steps that change the size: images bilinear, labels and segments nearest. Sizes are those of mmcv
 * and mmsegmentation, where "keep ratio" means the largest size whose long and short side do not
 * exceed those of the scale.
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
        sample.pixels().resized(newHeight, newWidth),
        Resampling.nearest(sample.labels(), sample.height(), sample.width(), newHeight, newWidth),
        segments(sample, newHeight, newWidth));
  }

  private static PanopticMap segments(Sample sample, int height, int width) {
    PanopticMap map = sample.segments();
    if (map == null || height == map.height() && width == map.width()) {
      return map;
    }
    return map.withIds(
        height, width, Resampling.nearest(map.ids(), map.height(), map.width(), height, width));
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

  /** To a fixed size. */
  public record Resize(
      @JsonPropertyDescription("width and height")
          @JsonProperty(required = true)
          @Range(min = 1, max = MAX_SIDE, size = 2)
          List<Integer> scale,
      @JsonPropertyDescription("whether the image's aspect ratio stays") Boolean keepRatio)
      implements Transform {
    /** Fills in the default and checks the values. */
    public Resize {
      keepRatio = keepRatio == null || keepRatio;
      Ranges.check(Resize.class, scale, keepRatio);
      scale = List.copyOf(scale);
    }

    /** To this width and height. */
    public Resize(int width, int height, boolean keepRatio) {
      this(List.of(width, height), keepRatio);
    }

    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      int width = scale.get(0);
      int height = scale.get(1);
      return keepRatio ? within(sample, width, height) : to(sample, height, width);
    }
  }

  /** To a scale times a ratio drawn evenly from a range. */
  public record RandomResize(
      @JsonPropertyDescription("width and height; absent: the image's own size")
          @Range(min = 1, max = MAX_SIDE, size = 2)
          List<Integer> scale,
      @JsonPropertyDescription("smallest and largest ratio")
          @JsonProperty(required = true)
          @Range(min = 0.01, max = 100, size = 2)
          List<Double> ratioRange,
      @JsonPropertyDescription("whether the image's aspect ratio stays") Boolean keepRatio)
      implements Transform {
    /** Fills in the default and checks the values. */
    public RandomResize {
      keepRatio = keepRatio == null || keepRatio;
      Ranges.check(RandomResize.class, scale, ratioRange, keepRatio);
      Ranges.checkAscending("ratio_range", ratioRange);
      scale = scale == null ? null : List.copyOf(scale);
      ratioRange = List.copyOf(ratioRange);
    }

    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      double min = ratioRange.get(0);
      double ratio = min + random.nextDouble() * (ratioRange.get(1) - min);
      if (scale == null) {
        return by(sample, ratio);
      }
      int w = (int) (scale.get(0) * ratio);
      int h = (int) (scale.get(1) * ratio);
      return keepRatio ? within(sample, w, h) : to(sample, h, w);
    }
  }

  /**
   * The shorter side to {@code edge} pixels, unless the longer one would exceed {@code maxSize}.
   */
  public record ResizeShortestEdge(
      @JsonPropertyDescription("length of the shorter side, in pixels")
          @JsonProperty(required = true)
          @Range(min = 1, max = MAX_SIDE)
          int edge,
      @JsonPropertyDescription("most pixels of the longer side")
          @JsonProperty(required = true)
          @Range(min = 1, max = MAX_SIDE)
          int maxSize)
      implements Transform {
    /** Checks the values. */
    public ResizeShortestEdge {
      Ranges.check(ResizeShortestEdge.class, edge, maxSize);
    }

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

  /** {@link ResizeShortestEdge} with an edge drawn from a list. */
  public record RandomChoiceResize(
      @JsonPropertyDescription("lengths of the shorter side, in pixels")
          @JsonProperty(required = true)
          @Range(min = 1, max = MAX_SIDE)
          List<Integer> edges,
      @JsonPropertyDescription("most pixels of the longer side")
          @JsonProperty(required = true)
          @Range(min = 1, max = MAX_SIDE)
          int maxSize)
      implements Transform {
    /** Checks the values and keeps a copy. */
    public RandomChoiceResize {
      Ranges.check(RandomChoiceResize.class, edges, maxSize);
      Ranges.checkNotEmpty("edges", edges);
      edges = List.copyOf(edges);
    }

    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      int edge = edges.get(random.nextInt(edges.size()));
      return new ResizeShortestEdge(edge, maxSize).apply(sample, random);
    }
  }

  /** Both sides up to the next multiple of a number. */
  public record ResizeToMultiple(
      @JsonPropertyDescription("height and width become multiples of this")
          @JsonProperty(required = true)
          @Range(min = 1, max = 1024)
          int divisor)
      implements Transform {
    /** Checks the value. */
    public ResizeToMultiple {
      Ranges.check(ResizeToMultiple.class, divisor);
    }

    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
      return to(
          sample,
          Math.ceilDiv(sample.height(), divisor) * divisor,
          Math.ceilDiv(sample.width(), divisor) * divisor);
    }
  }
}
