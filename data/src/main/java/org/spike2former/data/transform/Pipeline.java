package org.spike2former.data.transform;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.spike2former.data.ConfigNode;
import org.spike2former.data.Sample;

/**
 * Steps of augmentation, one after the other, and the padding behind them.
 *
 * @param steps in their order
 * @param pad the size at the end
 */
public record Pipeline(List<Transform> steps, Pad pad) implements Transform {
  /** Images as they are. */
  public static final Pipeline NONE = new Pipeline(List.of(), Pad.NONE);

  private static final int MAX_SIDE = Resizes.MAX_SIDE;
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "resize", Set.of("scale", "keep_ratio"),
          "random_resize", Set.of("scale", "ratio_range", "keep_ratio"),
          "resize_shortest_edge", Set.of("edge", "max_size"),
          "random_choice_resize", Set.of("edges", "max_size"),
          "resize_to_multiple", Set.of("divisor"),
          "random_crop", Set.of("size", "cat_max_ratio"),
          "random_flip", Set.of("probability"),
          "photometric_distortion", Set.of("brightness", "contrast", "saturation", "hue"),
          "color_jitter", Set.of("brightness", "contrast"),
          "pad", Set.of("size", "divisor"));

  /** Keeps a copy. */
  public Pipeline {
    steps = List.copyOf(steps);
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Sample result = sample;
    for (Transform step : steps) {
      result = step.apply(result, random);
    }
    return result;
  }

  /**
   * Reads the list of steps under a key.
   *
   * @throws IOException "FILE: key: what is wrong"
   */
  public static Pipeline read(ConfigNode parent, String key) throws IOException {
    List<Transform> steps = new ArrayList<>();
    Pad pad = Pad.NONE;
    boolean padded = false;
    for (ConfigNode.Step step : parent.steps(key, KEYS)) {
      if (padded) {
        throw parent.error(key, "pad must come last; found " + step.name() + " behind it");
      }
      if (step.name().equals("pad")) {
        pad = pad(step.node());
        padded = true;
      } else {
        steps.add(transform(step.name(), step.node()));
      }
    }
    return new Pipeline(steps, pad);
  }

  private static Transform transform(String name, ConfigNode node) throws IOException {
    switch (name) {
      case "resize":
        int[] fixed = pair(node, "scale");
        return new Resizes.Resize(fixed[0], fixed[1], keepRatio(node));
      case "random_resize":
        int[] scale = node.has("scale") ? pair(node, "scale") : new int[2];
        double[] ratios = range(node, "ratio_range", 0.01, 100, null);
        return new Resizes.RandomResize(scale[0], scale[1], ratios[0], ratios[1], keepRatio(node));
      case "resize_shortest_edge":
        return new Resizes.ResizeShortestEdge(
            node.integer("edge", 1, MAX_SIDE), node.integer("max_size", 1, MAX_SIDE));
      case "random_choice_resize":
        return new Resizes.RandomChoiceResize(
            node.integers("edges", 1, MAX_SIDE), node.integer("max_size", 1, MAX_SIDE));
      case "resize_to_multiple":
        return new Resizes.ResizeToMultiple(node.integer("divisor", 1, 1024));
      case "random_crop":
        int[] size = pair(node, "size");
        double limit = node.has("cat_max_ratio") ? node.number("cat_max_ratio", 0, 1) : 1;
        return new RandomCrop(size[0], size[1], limit);
      case "random_flip":
        return new RandomFlip(node.has("probability") ? node.number("probability", 0, 1) : 0.5);
      case "photometric_distortion":
        return photometric(node);
      case "color_jitter":
        return new ColorJitter(node.number("brightness", 0, 1), node.number("contrast", 0, 1));
      default:
        throw new IllegalStateException(name);
    }
  }

  private static Transform photometric(ConfigNode node) throws IOException {
    PhotometricDistortion usual = PhotometricDistortion.DEFAULT;
    double[] contrast =
        range(node, "contrast", 0, 100, new double[] {usual.contrastMin(), usual.contrastMax()});
    double[] saturation =
        range(
            node,
            "saturation",
            0,
            100,
            new double[] {usual.saturationMin(), usual.saturationMax()});
    return new PhotometricDistortion(
        node.has("brightness") ? node.number("brightness", 0, 255) : usual.brightness(),
        contrast[0],
        contrast[1],
        saturation[0],
        saturation[1],
        node.has("hue") ? node.integer("hue", 0, 90) : usual.hue());
  }

  private static Pad pad(ConfigNode node) throws IOException {
    int[] size = node.has("size") ? pair(node, "size") : new int[] {1, 1};
    int divisor = node.has("divisor") ? node.integer("divisor", 1, 1024) : 1;
    return new Pad(size[0], size[1], divisor);
  }

  private static boolean keepRatio(ConfigNode node) throws IOException {
    return !node.has("keep_ratio") || node.flag("keep_ratio");
  }

  private static int[] pair(ConfigNode node, String key) throws IOException {
    int[] pair = node.integers(key, 1, MAX_SIDE);
    if (pair.length != 2) {
      throw node.error(key, "expected two integers, found " + pair.length);
    }
    return pair;
  }

  private static double[] range(ConfigNode node, String key, double min, double max, double[] usual)
      throws IOException {
    if (usual != null && !node.has(key)) {
      return usual;
    }
    double[] range = node.numbers(key, 2);
    if (!(range[0] >= min && range[0] <= range[1] && range[1] <= max)) {
      throw node.error(
          key,
          String.format(
              Locale.ROOT,
              "expected two numbers from %s to %s, the smaller first, found [%s, %s]",
              min,
              max,
              range[0],
              range[1]));
    }
    return range;
  }
}
