package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.panoptic.PanopticMap;

/**
 * A part of the image at a random place, as mmsegmentation's {@code RandomCrop}: drawn again, up to
 * ten times, while a single class has {@code catMaxRatio} or more of the labelled pixels, or fewer
 * than two classes occur. The last one drawn is taken as it is. Images smaller than the crop stay
 * smaller.
 */
public record RandomCrop(
    @JsonPropertyDescription("height and width of the crop")
        @JsonProperty(required = true)
        @Range(min = 1, max = Resizes.MAX_SIDE, size = 2)
        List<Integer> size,
    @JsonPropertyDescription("largest share of a class; 1: no limit") @Range(min = 0, max = 1)
        Double catMaxRatio)
    implements Transform {
  private static final int TRIES = 10;

  /** Fills in the default and checks the values. */
  public RandomCrop {
    catMaxRatio = catMaxRatio == null ? 1 : catMaxRatio;
    Ranges.check(RandomCrop.class, size, catMaxRatio);
    size = List.copyOf(size);
  }

  /** A crop of this height and width. */
  public RandomCrop(int height, int width, double catMaxRatio) {
    this(List.of(height, width), catMaxRatio);
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    int h = Math.min(size.get(0), sample.height());
    int w = Math.min(size.get(1), sample.width());
    int top = random.nextInt(sample.height() - h + 1);
    int left = random.nextInt(sample.width() - w + 1);
    if (catMaxRatio < 1) {
      for (int i = 0; i < TRIES && !isVaried(sample, top, left, h, w); i++) {
        top = random.nextInt(sample.height() - h + 1);
        left = random.nextInt(sample.width() - w + 1);
      }
    }
    return crop(sample, top, left, h, w);
  }

  private boolean isVaried(Sample sample, int top, int left, int h, int w) {
    long[] counts = new long[256];
    byte[] labels = sample.labels();
    for (int y = top; y < top + h; y++) {
      for (int x = left; x < left + w; x++) {
        counts[labels[y * sample.width() + x] & 0xff]++;
      }
    }
    counts[Sample.IGNORE] = 0;
    long classes = Arrays.stream(counts).filter(count -> count > 0).count();
    double largest = Arrays.stream(counts).max().orElse(0);
    return classes > 1 && largest / Arrays.stream(counts).sum() < catMaxRatio;
  }

  private static Sample crop(Sample sample, int top, int left, int h, int w) {
    byte[] labels = new byte[h * w];
    for (int y = 0; y < h; y++) {
      int from = (top + y) * sample.width() + left;
      System.arraycopy(sample.labels(), from, labels, y * w, w);
    }
    return new Sample(
        sample.name(),
        sample.pixels().crop(top, left, h, w),
        labels,
        crop(sample.segments(), top, left, h, w));
  }

  private static PanopticMap crop(PanopticMap map, int top, int left, int h, int w) {
    if (map == null) {
      return null;
    }
    int[] ids = new int[h * w];
    for (int y = 0; y < h; y++) {
      System.arraycopy(map.ids(), (top + y) * map.width() + left, ids, y * w, w);
    }
    return map.withIds(h, w, ids);
  }
}
