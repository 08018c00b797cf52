package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/**
 * Layers of integers on lists of events: each list, or of a window each kernel row's block of
 * channels, is summed by itself in 16 bits, and then added to the sums in this precision, which
 * holds them exactly. See {@link VectorEventsF32}.
 */
final class VectorShortEventsF32 {
  /** Pixels of a pointwise layer whose sums stay in the first-level cache. */
  private static final int PIXELS = 16;

  private static final int CHANNELS = VectorEventsF32.POINTWISE_CHANNELS;
  private static final int BLOCK = FoldedLayer.CHANNEL_BLOCK;
  private static final ThreadLocal<short[]> SUMS = ThreadLocal.withInitial(() -> new short[0]);

  private VectorShortEventsF32() {}

  private static short[] sums(int length) {
    short[] known = SUMS.get();
    if (known.length < length) {
      known = new short[length];
      SUMS.set(known);
    }
    return known;
  }

  /**
   * The sums of the pixels from…to, each with the padded number of columns, from {@code outAt} on;
   * those of a window are added to what is there.
   */
  static void add(
      VectorSpikeEvents events,
      Window g,
      PackedF32 packed,
      float[] out,
      int outAt,
      int from,
      int to) {
    int depth = g.kh() * g.kw() * g.cin();
    int padded = VectorPanelsF32.padded(g.cout());
    for (int column = 0; column < g.cout(); ) {
      int vectors = VectorShortPanels.vectors(column, g.cout(), g.isPointwise());
      int width = vectors * VectorShortPanels.LANES;
      int length = Math.min(width, padded - column);
      long panel = VectorShortPanels.offset(depth, column);
      if (g.isPointwise()) {
        pointwise(events, g, packed, panel, vectors, out, outAt, column, length, to - from);
      } else {
        rows(events, g, packed, panel, vectors, out, outAt + column, length, from, to);
      }
      column += width;
    }
  }

  private static void pointwise(
      VectorSpikeEvents events,
      Window g,
      PackedF32 packed,
      long panel,
      int vectors,
      float[] out,
      int outAt,
      int column,
      int length,
      int pixels) {
    MemorySegment panels = packed.shorts().weights();
    int step = VectorPanelsF32.padded(g.cout());
    int width = vectors * VectorShortPanels.LANES;
    short[] sums = sums(PIXELS * width);
    for (int c = 0; c < g.cin(); c += CHANNELS) {
      long at = panel + (long) c * width * Short.BYTES;
      for (int p = 0; p < pixels; p += PIXELS) {
        int n = Math.min(PIXELS, pixels - p);
        int first = c / CHANNELS * pixels + p;
        switch (vectors) {
          case 8 -> VectorShortTile.vectors8(events, first, n, panels, at, sums);
          case 4 -> VectorShortTile.vectors4(events, first, n, panels, at, sums);
          case 2 -> VectorShortTile.vectors2(events, first, n, panels, at, sums);
          default -> VectorShortTile.vectors1(events, first, n, panels, at, sums);
        }
        for (int i = 0; i < n; i++) {
          int to = outAt + (p + i) * step + column;
          if (c == 0) {
            VectorShortPanels.add(sums, i * width, packed.bias(), column, out, to, length);
          } else {
            VectorShortPanels.add(sums, i * width, out, to, out, to, length);
          }
        }
      }
    }
  }

  private static void rows(
      VectorSpikeEvents events,
      Window g,
      PackedF32 packed,
      long panel,
      int vectors,
      float[] out,
      int outAt,
      int length,
      int from,
      int to) {
    MemorySegment panels = packed.shorts().weights();
    int pixels = g.w();
    int cin = g.cin();
    int step = VectorPanelsF32.padded(g.cout());
    int width = vectors * VectorShortPanels.LANES;
    int rowBytes = width * Short.BYTES;
    int blocks = (cin + BLOCK - 1) / BLOCK;
    short[] sums = sums(pixels * width);
    // As VectorEventsF32 walks a window: all output rows read one kernel row and block of weights
    // while it is in the first-level cache; outside the map there is nothing to add.
    for (int r = 0; r < 3; r++) {
      for (int block = 0; block < blocks; block++) {
        int c = block * BLOCK;
        long tap = (long) Math.min(BLOCK, cin - c) * rowBytes;
        long at = panel + (long) (r * cin + c) * 3 * rowBytes;
        for (int y = 0; y < (to - from) / pixels; y++) {
          int input = (from / pixels + y) % g.h() + r - 1;
          if (input < 0 || input >= g.h()) {
            continue;
          }
          int first = ((y + r) * blocks + block) * pixels;
          switch (vectors) {
            case 4 -> VectorShortSlide.vectors4(events, first, pixels, panels, at, tap, sums);
            case 2 -> VectorShortSlide.vectors2(events, first, pixels, panels, at, tap, sums);
            default -> VectorShortSlide.vectors1(events, first, pixels, panels, at, tap, sums);
          }
          for (int p = 0; p < pixels; p++) {
            int sum = outAt + (y * pixels + p) * step;
            VectorShortPanels.add(sums, p * width, out, sum, out, sum, length);
          }
        }
      }
    }
  }
}
