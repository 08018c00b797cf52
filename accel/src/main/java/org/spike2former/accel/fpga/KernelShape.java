package org.spike2former.accel.fpga;

import java.util.Locale;
import org.spike2former.tensor.layer.Int8Layer;
import org.spike2former.tensor.layer.Window;

/**
 * What a kernel is made for: layers of one shape share one, since weights are arguments.
 *
 * <p>Channels come in groups of {@value #LANES}, in memory in lines of {@value #LINE} bytes.
 *
 * @param kind how channels connect
 * @param window the geometry
 * @param output what becomes of the sums
 * @param maxSpikes most spikes of an output; 0 where it is a float
 */
public record KernelShape(Kind kind, Window window, Output output, int maxSpikes) {
  /** Bytes of one access to memory. */
  static final int LINE = 64;

  /** Output channels that are computed side by side. */
  static final int LANES = 16;

  /** Input channels that a dense or linear kernel adds up in a cycle. */
  static final int INPUTS = 4;

  /** Weights that a kernel keeps on the chip, unless four groups have more. */
  static final int WEIGHT_BYTES = 256 << 10;

  /** How channels connect. */
  public enum Kind {
    /** Every output channel sees every input channel of its pixel alone. */
    LINEAR,
    /** Every output channel sees every input channel in a window. */
    DENSE,
    /** Output channel c sees input channel c in a window. */
    DEPTHWISE
  }

  /** What becomes of a sum. */
  public enum Output {
    /** How many of its channel's thresholds it reaches. */
    SPIKES,
    /** {@code fma((float) sum, scale, bias)}. */
    FLOATS,
    /** {@code residual + fma((float) sum, scale, bias)}. */
    RESIDUAL
  }

  /** The shape of a layer. */
  static KernelShape of(Int8Layer layer, Window window, Output output, int maxSpikes) {
    Kind kind =
        layer.depthwise() ? Kind.DEPTHWISE : window.isPointwise() ? Kind.LINEAR : Kind.DENSE;
    Window pixels =
        kind == Kind.LINEAR
            ? Window.pointwise(window.outPixels(), window.cin(), window.cout())
            : window;
    return new KernelShape(kind, pixels, output, maxSpikes);
  }

  /** The kernel's name, which no other shape's kernel has. */
  public String name() {
    Window g = window;
    String map =
        kind == Kind.LINEAR
            ? String.valueOf(g.outPixels())
            : String.format(
                Locale.ROOT,
                "%dx%d_s%dp%d_%dx%dx%d",
                g.kh(),
                g.kw(),
                g.stride(),
                g.pad(),
                g.n(),
                g.h(),
                g.w());
    return String.format(
        Locale.ROOT,
        "%s_%s_%dto%d_%s%s",
        kind.name().toLowerCase(Locale.ROOT),
        map,
        g.cin(),
        g.cout(),
        output.name().toLowerCase(Locale.ROOT),
        output == Output.SPIKES ? maxSpikes : "");
  }

  /** Whether outputs are spikes, one byte each; floats otherwise. */
  public boolean isSpikes() {
    return output == Output.SPIKES;
  }

  /** Window positions. */
  int taps() {
    return window.kh() * window.kw();
  }

  /** Lines of an incoming pixel. */
  int inLines() {
    return Math.ceilDiv(window.cin(), LINE);
  }

  /** Words of {@value #INPUTS} channels of an incoming pixel. */
  int words() {
    return Math.ceilDiv(window.cin(), INPUTS);
  }

  /** Multiply-accumulate steps of a group of output channels at a pixel. */
  int steps() {
    return kind == Kind.DEPTHWISE ? taps() : taps() * words();
  }

  /** Multipliers side by side. */
  public int unroll() {
    return kind == Kind.DEPTHWISE ? LANES : LANES * INPUTS;
  }

  /**
   * Groups of output channels; whole lines of spikes where they do not stay on the chip at once.
   */
  int groups() {
    int least = Math.ceilDiv(window.cout(), LANES);
    return isWhole(least) ? least : Math.ceilDiv(window.cout(), LINE) * (LINE / LANES);
  }

  private boolean isWhole(int groups) {
    return kind == Kind.DEPTHWISE || (long) groups * steps() * LINE <= WEIGHT_BYTES;
  }

  /** Groups whose weights are on the chip at a time; it divides their number. */
  int slab() {
    int groups = groups();
    int slab = groups;
    int quad = LINE / LANES;
    while (!isWhole(slab) && slab > quad) {
      do {
        slab -= quad;
      } while (groups % slab != 0);
    }
    return slab;
  }

  /** How often the input is read, each time for another slab of groups. */
  int slabs() {
    return groups() / slab();
  }

  /** Lines of a pixel's spikes that come of a slab. */
  int slabLines() {
    return Math.ceilDiv(slab() * LANES, LINE);
  }

  /** Lines of an outgoing pixel. */
  int outLines() {
    return isSpikes() ? slabs() * slabLines() : groups();
  }

  /** Rows that windows see, of which some are zeros. */
  int paddedHeight() {
    return (window.oh() - 1) * window.stride() + window.kh();
  }

  /** Columns that windows see. */
  int paddedWidth() {
    return (window.ow() - 1) * window.stride() + window.kw();
  }

  /** Incoming pixels. */
  int inPixels() {
    return window.n() * window.h() * window.w();
  }

  /** Multiply-adds that the layer asks for, those by zero spikes and outside the map included. */
  public long multiplyAdds() {
    return (long) window.outPixels()
        * window.cout()
        * taps()
        * (kind == Kind.DEPTHWISE ? 1 : window.cin());
  }
}
