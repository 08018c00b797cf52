package org.spike2former.data.transform;

import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;

/**
 * Brightness, contrast, saturation and hue, each changed for every second image, as
 * mmsegmentation's {@code PhotoMetricDistortion}. Contrast comes second or last.
 *
 * @param brightness levels are shifted by up to this, either way
 * @param contrastMin smallest factor of the levels
 * @param contrastMax largest factor of the levels
 * @param saturationMin smallest factor of the saturation
 * @param saturationMax largest factor of the saturation
 * @param hue hues, in units of two degrees, are turned by −hue to hue − 1
 */
public record PhotometricDistortion(
    double brightness,
    double contrastMin,
    double contrastMax,
    double saturationMin,
    double saturationMax,
    int hue)
    implements Transform {
  /** The usual strength. */
  public static final PhotometricDistortion DEFAULT =
      new PhotometricDistortion(32, 0.5, 1.5, 0.5, 1.5, 18);

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
    return Levels.map(rgb, Levels.linear((float) uniform(random, contrastMin, contrastMax), 0));
  }

  private byte[] saturation(byte[] rgb, RandomGenerator random) {
    if (!random.nextBoolean()) {
      return rgb;
    }
    byte[] table = Levels.linear((float) uniform(random, saturationMin, saturationMax), 0);
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
