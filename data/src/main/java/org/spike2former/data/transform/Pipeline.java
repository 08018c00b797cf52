package org.spike2former.data.transform;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.config.BadValueException;

/**
 * Steps of augmentation, one after the other, and the padding after them. In a file it is one list,
 * each step written {@code - name} or {@code - name: {key: value}}.
 *
 * @param steps in their order
 * @param pad the size at the end
 */
@JsonDeserialize(using = PipelineFormat.Reader.class)
@JsonSerialize(using = PipelineFormat.Writer.class)
public record Pipeline(List<Transform> steps, Pad pad) implements Transform {
  /** Images as they are. */
  public static final Pipeline NONE = new Pipeline(List.of(), Pad.NONE);

  /** The steps of files by their names. */
  public static final Map<String, Class<? extends Record>> NAMES = names();

  private static Map<String, Class<? extends Record>> names() {
    Map<String, Class<? extends Record>> names = new LinkedHashMap<>();
    names.put("resize", Resizes.Resize.class);
    names.put("random_resize", Resizes.RandomResize.class);
    names.put("resize_shortest_edge", Resizes.ResizeShortestEdge.class);
    names.put("random_choice_resize", Resizes.RandomChoiceResize.class);
    names.put("resize_to_multiple", Resizes.ResizeToMultiple.class);
    names.put("random_crop", RandomCrop.class);
    names.put("random_flip", RandomFlip.class);
    names.put("random_rot_flip", RandomRotFlip.class);
    names.put("photometric_distortion", PhotometricDistortion.class);
    names.put("color_jitter", ColorJitter.class);
    names.put("pad", Pad.class);
    return Collections.unmodifiableMap(names);
  }

  /** Keeps a copy. */
  public Pipeline {
    steps = List.copyOf(steps);
  }

  /**
   * The pipeline of a list of steps.
   *
   * @param records of the classes of {@link #NAMES}
   * @throws BadValueException if padding is not the last of them
   */
  static Pipeline of(List<Record> records) {
    List<Transform> steps = new ArrayList<>();
    Pad pad = null;
    for (Record step : records) {
      if (pad != null) {
        throw new BadValueException(
            "", "pad must come last; found " + name(step.getClass()) + " after it");
      }
      if (step instanceof Pad last) {
        pad = last;
      } else {
        steps.add((Transform) step);
      }
    }
    return new Pipeline(steps, pad == null ? Pad.NONE : pad);
  }

  /** The name of a step in files. */
  public static String name(Class<?> step) {
    return NAMES.entrySet().stream()
        .filter(entry -> entry.getValue() == step)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(step + " has no name in files"))
        .getKey();
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Sample result = sample;
    for (Transform step : steps) {
      result = step.apply(result, random);
    }
    return result;
  }
}
