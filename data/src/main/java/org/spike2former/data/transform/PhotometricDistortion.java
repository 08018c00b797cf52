package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * Brightness, contrast, saturation and hue, each changed for every second image, as
 * mmsegmentation's {@code PhotoMetricDistortion}. Contrast comes second or last.
 */
public record PhotometricDistortion(
    @JsonPropertyDescription("levels are shifted by up to this, either way")
        @Range(min = 0, max = 255)
        Double brightness,
    @JsonPropertyDescription("smallest and largest factor of the levels")
        @Range(min = 0, max = 100, size = 2)
        List<Double> contrast,
    @JsonPropertyDescription("smallest and largest factor of the saturation")
        @Range(min = 0, max = 100, size = 2)
        List<Double> saturation,
    @JsonPropertyDescription("hues, in units of two degrees, are turned by −hue to hue − 1")
        @Range(min = 0, max = 90)
        Integer hue)
    implements Transform {
  private static final List<Double> USUAL = List.of(0.5, 1.5);

  /** The usual strength. */
  public static final PhotometricDistortion DEFAULT =
      new PhotometricDistortion(null, null, null, null);

  /** Fills in the defaults and checks the values. */
  public PhotometricDistortion {
    brightness = brightness == null ? 32 : brightness;
    contrast = contrast == null ? USUAL : contrast;
    saturation = saturation == null ? USUAL : saturation;
    hue = hue == null ? 18 : hue;
    Ranges.check(PhotometricDistortion.class, brightness, contrast, saturation, hue);
    Ranges.checkAscending("contrast", contrast);
    Ranges.checkAscending("saturation", saturation);
    contrast = List.copyOf(contrast);
    saturation = List.copyOf(saturation);
  }

  @Override
  public boolean changesColors() {
    return true;
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    byte[] rgb = sample.rgb();
    if (random.nextBoolean()) {
      float offset = (float) uniform(random, -brightness, brightness);
      rgb = Levels.map(rgb, Levels.linear(1, offset));
    }
    boolean contrastFirst = random.nextBoolean();
    if (contrastFirst) {
      rgb = contrast(rgb, random);
    }
    rgb = saturation(rgb, random);
    rgb = hue(rgb, random);
    if (!contrastFirst) {
      rgb = contrast(rgb, random);
    }
    return sample.withRgb(rgb);
  }

  private byte[] contrast(byte[] rgb, RandomGenerator random) {
    if (!random.nextBoolean()) {
      return rgb;
    }
    return Levels.map(
        rgb, Levels.linear((float) uniform(random, contrast.get(0), contrast.get(1)), 0));
  }

  private byte[] saturation(byte[] rgb, RandomGenerator random) {
    if (!random.nextBoolean()) {
      return rgb;
    }
    byte[] table = Levels.linear((float) uniform(random, saturation.get(0), saturation.get(1)), 0);
    byte[] hsv = Hsv8.fromRgb(rgb);
    for (int i = 1; i < hsv.length; i += 3) {
      hsv[i] = table[hsv[i] & 0xff];
    }
    return Hsv8.toRgb(hsv);
  }

  private byte[] hue(byte[] rgb, RandomGenerator random) {
    if (hue == 0 || !random.nextBoolean()) {
      return rgb;
    }
    int turn = random.nextInt(-hue, hue);
    byte[] hsv = Hsv8.fromRgb(rgb);
    for (int i = 0; i < hsv.length; i += 3) {
      hsv[i] = (byte) Math.floorMod((hsv[i] & 0xff) + turn, Hsv8.HUES);
    }
    return Hsv8.toRgb(hsv);
  }

  private static double uniform(RandomGenerator random, double min, double max) {
    return min + random.nextDouble() * (max - min);
  }
}
