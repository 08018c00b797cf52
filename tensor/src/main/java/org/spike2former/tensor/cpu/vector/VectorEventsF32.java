package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/**
 * Dense layers on spikes that skip the zeros: a block of pixels' spikes become lists of events, and
 * then each panel of weights is walked a block of channels at a time, so that those weights stay in
 * the first-level cache. Sums receive the same numbers in the same order as from {@link
 * VectorDenseF32}; that takes over where too many spikes fire.
 */
final class VectorEventsF32 {
  /** System property: {@code dense} or {@code events} in place of the choice by density. */
  static final String PROPERTY = "s2f.kernel";

  /** Density above which multiplying the zeros too is faster; measured, see bench/README.md. */
  private static final double POINTWISE_LIMIT = limit(0.68);

  private static final double WINDOW_LIMIT = limit(0.72);

  private static final int LANES = VectorWidth.F32.length();

  /** Vectors of columns that are walked together, if there are as many. */
  private static final int POINTWISE_VECTORS = 8;

  private static final int WINDOW_VECTORS = 4;

  /**
   * Channels of a list of a pointwise layer; of a window, those of the canonical order. With 8
   * vectors of 32 bytes their weights take 16 KB, and 12 KB of a window's row of 3 columns: both
   * fit in a first-level cache of 32 KB, and with twice as wide vectors they just do.
   */
  static final int POINTWISE_CHANNELS = 64;

  /** Pixels of a block: enough that weights are fetched seldom. */
  private static final int PIXELS = 256;

  private static final ScratchF32 PADDED = new ScratchF32();

  private VectorEventsF32() {}

  private static double limit(double measured) {
    return switch (System.getProperty(PROPERTY, "")) {
      case "dense" -> -1;
      case "events" -> 1;
      default -> measured;
    };
  }

  /** Whether there is such a kernel for a layer; windows then take whole rows. */
  static boolean fits(Tensor x, Window g) {
    return x.dtype() == DType.SPIKES
        && g.cin() >= LANES
        && (g.isPointwise() || g.kh() == 3 && g.kw() == 3 && g.stride() == 1 && g.pad() == 1);
  }

  /** As {@link VectorDenseF32#dense}; tells for how many of the pixels zeros were skipped. */
  static int dense(
      Tensor x, Window g, PackedF32 packed, float[] out, int outBase, int from, int to) {
    // Windows take whole rows, because their sums slide along them.
    int step = g.isPointwise() ? PIXELS : Math.max(1, PIXELS / g.ow()) * g.ow();
    int skipping = 0;
    for (int p = from; p < to; p += step) {
      int end = Math.min(to, p + step);
      boolean shorts = packed.shorts() != null && packed.shorts().hold(greatest(x, g, p, end));
      VectorSpikeEvents events =
          g.isPointwise()
              ? pointwise(x, g, p, end, mostOf(shorts, POINTWISE_LIMIT))
              : rows(x, g, p, end, mostOf(shorts, WINDOW_LIMIT));
      if (events == null) {
        VectorDenseF32.dense(x, g, packed, out, outBase, p, end);
      } else {
        add(events, shorts, g, packed, out, outBase, p, end);
        skipping += end - p;
      }
    }
    return skipping;
  }

  /**
   * The density above which zeros are multiplied too. Events in 16 bits stay: few blocks are dense,
   * and for those alone the layer's weights would have to be there as real numbers as well.
   */
  private static double mostOf(boolean shorts, double limit) {
    return shorts && limit >= 0 ? 1 : limit;
  }

  /** Lists [block of channels, pixel] of the pixels from…to; null if too many spikes fire. */
  private static VectorSpikeEvents pointwise(Tensor x, Window g, int from, int to, double limit) {
    int cin = g.cin();
    int spikes = (to - from) * cin;
    int blocks = (cin + POINTWISE_CHANNELS - 1) / POINTWISE_CHANNELS;
    VectorSpikeEvents events = VectorSpikeEvents.ofThread(spikes, blocks * (to - from));
    for (int c = 0; c < cin; c += POINTWISE_CHANNELS) {
      for (int p = from; p < to; p++) {
        events.add(x.bytes(), p * cin + c, Math.min(POINTWISE_CHANNELS, cin - c));
      }
      // The first block of channels stands for all: if it is too full, no more lists are made, and
      // the matrix product does this block of pixels.
      if (c == 0 && events.size() > limit * Math.min(POINTWISE_CHANNELS, cin) * (to - from)) {
        return null;
      }
    }
    return events;
  }

  /**
   * Lists [input row, block of channels, column] of the input rows under the output pixels from…to;
   * null if too many spikes fire.
   */
  private static VectorSpikeEvents rows(Tensor x, Window g, int from, int to, double limit) {
    int cin = g.cin();
    int width = g.w();
    int block = FoldedLayer.CHANNEL_BLOCK;
    int first = from / width;
    int last = to / width - 1;
    int inputRows = last - first + 3;
    VectorSpikeEvents events =
        VectorSpikeEvents.ofThread(
            inputRows * width * cin, inputRows * ((cin + block - 1) / block) * width);
    for (int r = first - 1; r <= last + 1; r++) {
      boolean inside = r >= 0 && r < g.n() * g.h();
      for (int c = 0; c < cin; c += block) {
        for (int p = 0; p < width; p++) {
          int length = inside ? Math.min(block, cin - c) : 0;
          events.add(x.bytes(), inside ? (r * width + p) * cin + c : 0, length);
        }
      }
      // The first two rows stand for all.
      if (r == first && events.size() > limit * 2 * width * cin) {
        return null;
      }
    }
    return events;
  }

  private static void add(
      VectorSpikeEvents events,
      boolean shorts,
      Window g,
      PackedF32 packed,
      float[] out,
      int outBase,
      int from,
      int to) {
    int columns = g.cout();
    int padded = VectorPanelsF32.padded(columns);
    if (padded == columns) {
      addPadded(events, shorts, g, packed, out, outBase + from * columns, from, to);
      return;
    }
    float[] sums = PADDED.atLeast((to - from) * padded);
    addPadded(events, shorts, g, packed, sums, 0, from, to);
    for (int p = from; p < to; p++) {
      System.arraycopy(sums, (p - from) * padded, out, outBase + p * columns, columns);
    }
  }

  /** Sums of the pixels from…to, each with the padded number of columns, from {@code outAt} on. */
  private static void addPadded(
      VectorSpikeEvents events,
      boolean shorts,
      Window g,
      PackedF32 packed,
      float[] out,
      int outAt,
      int from,
      int to) {
    int padded = VectorPanelsF32.padded(g.cout());
    if (!g.isPointwise()) {
      // Sums start from the bias and stay in out between the rows of the window.
      for (int p = 0; p < to - from; p++) {
        System.arraycopy(packed.bias(), 0, out, outAt + p * padded, padded);
      }
    }
    if (shorts) {
      VectorShortEventsF32.add(events, g, packed, out, outAt, from, to);
      return;
    }
    int depth = g.kh() * g.kw() * g.cin();
    int most = g.isPointwise() ? POINTWISE_VECTORS : WINDOW_VECTORS;
    for (int column = 0; column < padded; ) {
      int vectors = VectorPanelsF32.vectors(padded - column, most);
      long panel = VectorPanelsF32.offset(depth, column);
      if (g.isPointwise()) {
        addPointwise(events, g, packed, panel, vectors, out, outAt, column, to - from);
      } else {
        addRows(events, g, packed, panel, vectors, out, outAt + column, from, to);
      }
      column += vectors * LANES;
    }
  }

  /** The greatest spike under the output pixels from…to. */
  private static int greatest(Tensor x, Window g, int from, int to) {
    int around = g.isPointwise() ? 0 : g.w();
    int first = Math.max(0, from - around) * g.cin();
    int last = Math.min(g.n() * g.h() * g.w(), to + around) * g.cin();
    return VectorBytes.max(x.bytes(), first, last);
  }

  private static void addPointwise(
      VectorSpikeEvents events,
      Window g,
      PackedF32 packed,
      long panel,
      int vectors,
      float[] out,
      int outAt,
      int column,
      int pixels) {
    MemorySegment panels = packed.panels();
    int step = VectorPanelsF32.padded(g.cout());
    int to = outAt + column;
    // lists [block of channels, pixel] · panel [cin, vectors·lanes]: all pixels read a block's rows
    // of the panel while those are in the first-level cache. Blocks ascend, and so do channels.
    long next = VectorPanelsF32.offset(g.cin(), VectorWidth.TILE_VECTORS * LANES);
    int rowBytes = Math.min(vectors, VectorWidth.TILE_VECTORS) * VectorPanelsF32.VECTOR_BYTES;
    // Sums start from the bias and stay in out between the blocks of channels.
    float[] start = packed.bias();
    int at = column;
    int every = 0;
    for (int c = 0; c < g.cin(); c += POINTWISE_CHANNELS) {
      int list = c / POINTWISE_CHANNELS * pixels;
      long w = panel + (long) c * rowBytes;
      switch (vectors) {
        case 8 ->
            VectorEventTileF32.vectors8(
                events, list, pixels, panels, w, next, start, at, every, out, to, step);
        case 4 ->
            VectorEventTileF32.vectors4(
                events, list, pixels, panels, w, next, start, at, every, out, to, step);
        case 2 ->
            VectorEventTileF32.vectors2(
                events, list, pixels, panels, w, start, at, every, out, to, step);
        default ->
            VectorEventTileF32.vectors1(
                events, list, pixels, panels, w, start, at, every, out, to, step);
      }
      start = out;
      at = to;
      every = step;
    }
  }

  private static void addRows(
      VectorSpikeEvents events,
      Window g,
      PackedF32 packed,
      long panel,
      int vectors,
      float[] out,
      int outAt,
      int from,
      int to) {
    MemorySegment panels = packed.panels();
    int width = g.w();
    int cin = g.cin();
    int step = VectorPanelsF32.padded(g.cout());
    int rowBytes = Math.min(vectors, VectorWidth.TILE_VECTORS) * VectorPanelsF32.VECTOR_BYTES;
    long next = VectorPanelsF32.offset(9 * cin, VectorWidth.TILE_VECTORS * LANES);
    int blocks = (cin + FoldedLayer.CHANNEL_BLOCK - 1) / FoldedLayer.CHANNEL_BLOCK;
    int rows = (to - from) / width;
    // lists [input row, block of channels, column] · panel [kernel row, block, 3 columns, channel,
    // vectors·lanes]: all output rows read one kernel row and block while it is in the first-level
    // cache. The nesting is the canonical order's; outside the map there is nothing to add.
    for (int r = 0; r < 3; r++) {
      for (int block = 0; block < blocks; block++) {
        int c = block * FoldedLayer.CHANNEL_BLOCK;
        long tap = (long) Math.min(FoldedLayer.CHANNEL_BLOCK, cin - c) * rowBytes;
        long at = panel + (long) (r * cin + c) * 3 * rowBytes;
        for (int y = 0; y < rows; y++) {
          int input = (from / width + y) % g.h() + r - 1;
          if (input >= 0 && input < g.h()) {
            int first = ((y + r) * blocks + block) * width;
            int sums = outAt + y * width * step;
            switch (vectors) {
              case 4 ->
                  VectorSlideF32.vectors4(
                      events, first, width, panels, at, next, tap, out, sums, step);
              case 2 ->
                  VectorSlideF32.vectors2(events, first, width, panels, at, tap, out, sums, step);
              default ->
                  VectorSlideF32.vectors1(events, first, width, panels, at, tap, out, sums, step);
            }
          }
        }
      }
    }
  }
}
