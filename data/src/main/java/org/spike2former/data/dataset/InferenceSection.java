package org.spike2former.data.dataset;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;

/** The section {@code inference} of a data set: how images are segmented in an evaluation. */
public record InferenceSection(
    @JsonPropertyDescription(
            "size that an image is rescaled to; absent: as the model's preprocessing says")
        ResizeRule resize,
    @JsonPropertyDescription("height and width are padded to multiples of this")
        @Range(min = 1, max = Preprocessing.MAX_DIVISOR)
        Integer sizeDivisor,
    @JsonPropertyDescription("whole images, or windows that slide over them") Mode mode,
    @JsonPropertyDescription("height and width of the window of mode slide")
        @Range(min = Preprocessing.MIN_SIDE, max = ResizeRule.LIMIT, size = 2)
        List<Integer> crop,
    @JsonPropertyDescription("pixels down and to the right from one window to the next")
        @Range(min = 1, max = ResizeRule.LIMIT, size = 2)
        List<Integer> stride) {
  /** All defaults. */
  static final InferenceSection WHOLE = new InferenceSection(null, null, null, null, null);

  /** What the network gets of an image. */
  public enum Mode {
    /** All of it at once. */
    WHOLE,
    /** Overlapping windows, whose logits are averaged. */
    SLIDE
  }

  /** Fills in the defaults and checks that the values go together. */
  public InferenceSection {
    sizeDivisor = sizeDivisor == null ? 1 : sizeDivisor;
    mode = mode == null ? Mode.WHOLE : mode;
    if (mode == Mode.WHOLE) {
      checkAbsent("crop", crop);
      checkAbsent("stride", stride);
    }
    Ranges.check(InferenceSection.class, resize, sizeDivisor, mode, crop, stride);
    if (mode == Mode.SLIDE) {
      checkPresent("crop", crop);
      checkPresent("stride", stride);
      try {
        window(crop, stride);
      } catch (IllegalArgumentException e) {
        throw new BadValueException("stride", e.getMessage());
      }
    }
  }

  private static void checkAbsent(String key, List<Integer> value) {
    if (value != null) {
      throw new BadValueException(key, "is for mode slide only");
    }
  }

  private static void checkPresent(String key, List<Integer> value) {
    if (value == null) {
      throw new BadValueException(key, "missing; mode slide needs height and width");
    }
  }

  private static Inference.SlidingWindow window(List<Integer> crop, List<Integer> stride) {
    return new Inference.SlidingWindow(crop.get(0), crop.get(1), stride.get(0), stride.get(1));
  }

  /** What it means. */
  Inference inference() {
    Inference.SlidingWindow window = mode == Mode.SLIDE ? window(crop, stride) : null;
    return new Inference(resize, window, Inference.WHOLE.ratios(), false);
  }
}
