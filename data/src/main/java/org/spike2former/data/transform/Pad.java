package org.spike2former.data.transform;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.spike2former.data.Sample;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * The size that a sample is padded to, below and on the right: with zeros after normalisation, and
 * labels without class.
 */
public record Pad(
    @JsonPropertyDescription("smallest height and width")
        @Range(min = 1, max = Resizes.MAX_SIDE, size = 2)
        List<Integer> size,
    @JsonPropertyDescription("both are then rounded up to a multiple of this")
        @Range(min = 1, max = 1024)
        Integer divisor) {
  /** No padding. */
  public static final Pad NONE = new Pad(1, 1, 1);

  /** Fills in the defaults and checks the values. */
  public Pad {
    size = size == null ? List.of(1, 1) : size;
    divisor = divisor == null ? 1 : divisor;
    Ranges.check(Pad.class, size, divisor);
    size = List.copyOf(size);
  }

  /** To at least this height and width. */
  public Pad(int height, int width, int divisor) {
    this(List.of(height, width), divisor);
  }

  /** Height after padding. */
  public int height(Sample sample) {
    return Math.ceilDiv(Math.max(size.get(0), sample.height()), divisor) * divisor;
  }

  /** Width after padding. */
  public int width(Sample sample) {
    return Math.ceilDiv(Math.max(size.get(1), sample.width()), divisor) * divisor;
  }
}
