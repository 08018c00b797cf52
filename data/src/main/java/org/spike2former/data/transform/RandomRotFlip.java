package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.pixel.Rotation;

/**
 * Turns the image by a random angle, or else by quarters with a mirroring, as mmsegmentation's
 * {@code RandomRotFlip}: images bilinear, labels and segments nearest. What comes from outside an
 * image that is turned by an angle is black, without class or of a class of one's choice.
 */
public record RandomRotFlip(
    @JsonPropertyDescription("how often it is turned by an angle, 0…1") @Range(min = 0, max = 1)
        Double rotateProbability,
    @JsonPropertyDescription(
            "how often one that is not is turned by 0 to 3 quarters and mirrored, 0…1")
        @Range(min = 0, max = 1)
        Double flipProbability,
    @JsonPropertyDescription("largest angle, either way") @Range(min = 0, max = 180) Double degrees,
    @JsonPropertyDescription("class of the pixels from outside; 255: none")
        @Range(min = 0, max = Sample.IGNORE)
        Integer labelFill)
    implements Transform {
  /** Fills in the defaults and checks the values. */
  public RandomRotFlip {
    rotateProbability = rotateProbability == null ? 0.5 : rotateProbability;
    flipProbability = flipProbability == null ? 0.5 : flipProbability;
    degrees = degrees == null ? 20 : degrees;
    labelFill = labelFill == null ? Sample.IGNORE : labelFill;
    Ranges.check(RandomRotFlip.class, rotateProbability, flipProbability, degrees, labelFill);
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    if (random.nextDouble() < rotateProbability) {
      return rotated(sample, new Rotation(degrees * (2 * random.nextDouble() - 1)));
    }
    if (random.nextDouble() >= flipProbability) {
      return sample;
    }
    Sample turned =
        Gather.apply(sample, Gather.quarters(sample.height(), sample.width(), random.nextInt(4)));
    return Gather.apply(turned, Gather.flipped(turned.height(), turned.width(), random.nextInt(2)));
  }

  private Sample rotated(Sample sample, Rotation rotation) {
    int height = sample.height();
    int width = sample.width();
    Gather nearest = new Gather(height, width, rotation.nearest(height, width));
    return new Sample(
        sample.name(),
        sample.pixels().rotated(rotation),
        nearest.labels(sample.labels(), labelFill),
        nearest.segments(sample.segments()));
  }
}
