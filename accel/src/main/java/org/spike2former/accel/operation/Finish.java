package org.spike2former.accel.operation;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What becomes of each real number v that an operation computes: an affine map, a residual, and
 * then v is stored, or the integer neuron's spikes of it, or both. In this order, where c is the
 * place of v modulo the length of factor and shift:
 *
 * <ul>
 *   <li>with factor and shift, v becomes fma(v, factor[c], shift[c]);
 *   <li>with factor alone, fma(factor[c], v, residual), and the residual is done with;
 *   <li>with shift alone, v + shift[c];
 *   <li>with a residual, residual + v.
 * </ul>
 *
 * @param factor FLOATS [c]; null for none
 * @param shift FLOATS [c]; null for none
 * @param residual FLOATS, one for each v; null for none
 * @param floats FLOATS, where v goes; null for nowhere
 * @param spikes BYTES, where the spikes go; null for nowhere
 * @param maxSpikes most spikes; 0 without spikes
 */
public record Finish(
    Buffer factor, Buffer shift, Buffer residual, Buffer floats, Buffer spikes, int maxSpikes) {
  private static final Buffer NO_FLOATS = Buffer.constant(new float[1]);
  private static final Buffer NO_BYTES = Buffer.constant(new byte[1]);

  /** Refuses buffers that do not fit. */
  public Finish {
    int length = (floats == null ? spikes : floats).length();
    if (factor != null && shift != null) {
      shift.require("shift", Buffer.Type.FLOATS, factor.length());
    }
    if (factor != null && shift == null && residual == null) {
      throw new IllegalArgumentException("expected a shift or a residual with a factor");
    }
    if (residual != null) {
      residual.require("residual", Buffer.Type.FLOATS, length);
    }
    if (floats != null) {
      floats.require("floats", Buffer.Type.FLOATS, length);
    }
    if (spikes != null) {
      spikes.require("spikes", Buffer.Type.BYTES, length);
    }
  }

  /** Nothing but to store v. */
  public static Finish store(Buffer floats) {
    return new Finish(null, null, null, floats, null, 0);
  }

  /** How many numbers it takes. */
  public int length() {
    return (floats == null ? spikes : floats).length();
  }

  /** Length of factor and shift; 0 without them. */
  public int channels() {
    Buffer first = factor == null ? shift : factor;
    return first == null ? 0 : first.length();
  }

  /** What it reads beside v: terms, and stand-ins for outputs that are not wanted. */
  List<Buffer> inputs() {
    return Stream.of(
            factor,
            shift,
            residual,
            floats == null ? NO_FLOATS : null,
            spikes == null ? NO_BYTES : null)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Whether a buffer stands in for an output that is not wanted. */
  public boolean isPlaceholder(Buffer buffer) {
    return buffer == NO_FLOATS || buffer == NO_BYTES;
  }

  /** What it writes. */
  List<Buffer> outputs() {
    return Stream.of(floats, spikes).filter(Objects::nonNull).toList();
  }

  /** Where v goes, or a constant that a kernel may name and not touch. */
  public Buffer floatsOrNone() {
    return floats == null ? NO_FLOATS : floats;
  }

  /** As {@link #floatsOrNone}, where the spikes go. */
  public Buffer spikesOrNone() {
    return spikes == null ? NO_BYTES : spikes;
  }

  /**
   * This, then another on its result.
   *
   * @param kept whether v before the other is wanted too
   * @return null if that is more than one finish can do
   */
  public Finish then(Finish next, boolean kept) {
    boolean plain = factor == null && shift == null && residual == null;
    if (spikes != null) {
      return null;
    }
    if (next.isNeuron()) {
      Buffer stored = kept ? floats : null;
      return new Finish(factor, shift, residual, stored, next.spikes, next.maxSpikes);
    }
    if (kept) {
      return null;
    }
    if (plain) {
      return next;
    }
    boolean adds = next.factor == null && next.shift == null && residual == null;
    return adds
        ? new Finish(factor, shift, next.residual, next.floats, next.spikes, next.maxSpikes)
        : null;
  }

  private boolean isNeuron() {
    return factor == null && shift == null && residual == null && floats == null;
  }
}
