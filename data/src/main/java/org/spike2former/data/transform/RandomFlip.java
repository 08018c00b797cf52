package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

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
    return Gather.apply(sample, Gather.flipped(sample.height(), sample.width(), 1));
  }
}
