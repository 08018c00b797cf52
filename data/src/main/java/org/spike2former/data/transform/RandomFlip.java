package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.panoptic.PanopticMap;

/** Mirrors left and right. */
public record RandomFlip(
    @JsonPropertyDescription("how often, 0…1") @Range(min = 0, max = 1) Double probability)
    implements Transform {
  /** Fills in the default and checks the value. */
  public RandomFlip {
    probability = probability == null ? 0.5 : probability;
    Ranges.check(RandomFlip.class, probability);
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    return random.nextDouble() < probability ? mirrored(sample) : sample;
  }

  private static Sample mirrored(Sample sample) {
    int width = sample.width();
    byte[] rgb = new byte[sample.rgb().length];
    byte[] labels = new byte[sample.labels().length];
    for (int y = 0; y < sample.height(); y++) {
      for (int x = 0; x < width; x++) {
        int from = y * width + width - 1 - x;
        int to = y * width + x;
        labels[to] = sample.labels()[from];
        rgb[3 * to] = sample.rgb()[3 * from];
        rgb[3 * to + 1] = sample.rgb()[3 * from + 1];
        rgb[3 * to + 2] = sample.rgb()[3 * from + 2];
      }
    }
    return new Sample(
        sample.name(), sample.height(), width, rgb, labels, mirrored(sample.segments()));
  }

  private static PanopticMap mirrored(PanopticMap map) {
    if (map == null) {
      return null;
    }
    int width = map.width();
    int[] ids = new int[map.ids().length];
    for (int y = 0; y < map.height(); y++) {
      for (int x = 0; x < width; x++) {
        ids[y * width + x] = map.ids()[y * width + width - 1 - x];
      }
    }
    return map.withIds(map.height(), width, ids);
  }
}
