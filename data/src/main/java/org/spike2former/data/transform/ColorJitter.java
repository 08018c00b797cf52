package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * Brightness, then contrast: levels are multiplied by a factor from 1 − brightness to 1 +
 * brightness, then their distance from the image's mean level by one from 1 − contrast to 1 +
 * contrast.
 */
public record ColorJitter(
    @JsonPropertyDescription("the factor is within this of 1")
        @JsonProperty(required = true)
        @Range(min = 0, max = 1)
        double brightness,
    @JsonPropertyDescription("the factor is within this of 1")
        @JsonProperty(required = true)
        @Range(min = 0, max = 1)
        double contrast)
    implements Transform {
  /** Checks the values. */
  public ColorJitter {
    Ranges.check(ColorJitter.class, brightness, contrast);
  }

  @Override
  public boolean changesColors() {
    return true;
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    double light = 1 + brightness * (2 * random.nextDouble() - 1);
    double spread = 1 + contrast * (2 * random.nextDouble() - 1);
    byte[] rgb = Levels.map(sample.rgb(), Levels.linear((float) light, 0.5f));
    long sum = 0;
    for (byte level : rgb) {
      sum += level & 0xff;
    }
    double mean = (double) sum / rgb.length;
    float offset = (float) (mean * (1 - spread) + 0.5);
    return sample.withRgb(Levels.map(rgb, Levels.linear((float) spread, offset)));
  }
}
