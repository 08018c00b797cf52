package org.spike2former.tensor.cpu.vector.gradient;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.NativeScratch;
import org.spike2former.tensor.cpu.vector.VectorChannelEvents;
import org.spike2former.tensor.cpu.vector.VectorEventSumsF32;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;
import org.spike2former.tensor.cpu.vector.VectorSpikeEvents;
import org.spike2former.tensor.cpu.vector.VectorWidth;
import org.spike2former.tensor.layer.Window;

/**
 * Weight gradients of dense layers on spikes that skip the zeros, a block of output pixels at a
 * time: each input channel walks the list of its events. Sums receive the same numbers in the same
 * order as in {@link VectorWeightGradientF32}, which takes over where too many spikes fire.
 */
public final class VectorEventGradientF32 {
  /** Density above which multiplying the zeros too is faster; measured. */
  private static final double LIMIT = 0.5;

  /** Vectors of products that an event must bring to be worth its place in a list; measured. */
  private static final int WORTH = 8;

  private static final int LANES = VectorWidth.F32.length();
  private static final long VECTOR_BYTES = VectorPanelsF32.VECTOR_BYTES;
  private static final int WINDOW = 3;

  /** Columns of zeros between the rows of the grid of gradients: events reach past a row's end. */
  private static final int MARGIN = WINDOW - 1;

  private static final NativeScratch GRID = new NativeScratch();

  private final Tensor x;
  private final Window g;

  /** First input channel, and how many. */
  private final int from;

  private final int channels;

  private final int taps;

  /** Vectors of output channels, the last filled up. */
  private final int vectors;

  private final float[] sums;

  /** Cells of the grid: the block's pixels, or whole rows of them with margins. */
  private int cells;

  /** Where the block's pixels stand on the grid. */
  private final int[] cellOf = new int[GradientKernelsF32.PIXEL_BLOCK];

  private MemorySegment grid;
  private VectorChannelEvents events;

  /** Parts of the block that lie in a map of their own; each has two marks for each kernel row. */
  private int parts;

  VectorEventGradientF32(Tensor x, Window g, int from, int to) {
    this.x = x;
    this.g = g;
    this.from = from;
    channels = to - from;
    taps = g.kh() * g.kw();
    vectors = VectorPanelsF32.padded(g.cout()) / LANES;
    sums = new float[taps * 4 * LANES];
  }

  /** Whether there is such a kernel for a layer. */
  static boolean fits(Tensor x, Window g) {
    boolean window = g.kh() == WINDOW && g.kw() == WINDOW && g.stride() == 1;
    int products = g.kh() * g.kw() * VectorPanelsF32.padded(g.cout()) / LANES;
    return x.dtype() == DType.SPIKES && products >= WORTH && (g.isPointwise() || window);
  }

  /** Adds the output pixels p…p+count to the gradient; false, and nothing, if many spikes fire. */
  boolean add(int p, int count, float[] dy, float[] out) {
    if (!(g.isPointwise() ? collectPixels(p, count) : collectRows(p, count))) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      cellOf[i] = g.isPointwise() ? i : cell(p + i, p / g.ow());
    }
    layOut(p, count, dy);
    for (int v = 0; v < vectors; ) {
      int width = panel(v);
      // dy [cell, width·lanes] of the block is read by every input channel's events in turn; a
      // channel's sums, [taps, width·lanes], begin at 0 and are added to the gradient once.
      for (int c = 0; c < channels; c++) {
        Arrays.fill(sums, 0, taps * width * LANES, 0f);
        for (int part = 0; part < parts; part++) {
          for (int row = 0; row < g.kh(); row++) {
            sum(part, row, c, v, width);
          }
        }
        flush(c, v, width, out);
      }
      v += width;
    }
    return true;
  }

  private boolean isSparse(VectorSpikeEvents pixels, int lists) {
    return pixels.size() <= LIMIT * lists * channels;
  }

  private boolean collectPixels(int p, int count) {
    VectorSpikeEvents pixels = VectorSpikeEvents.ofThread(count * channels, count);
    for (int i = 0; i < count; i++) {
      pixels.add(x.bytes(), (p + i) * g.cin() + from, channels);
    }
    if (!isSparse(pixels, count)) {
      return false;
    }
    cells = count;
    parts = 1;
    events = VectorChannelEvents.ofThread(channels, count, 2);
    events.mark(0);
    for (int i = 0; i < count; i++) {
      events.add(pixels, i, i);
    }
    events.mark(1);
    return true;
  }

  /** Cells from one row of the grid to the next. */
  private int gridRow() {
    return g.ow() + MARGIN;
  }

  private boolean collectRows(int p, int count) {
    int firstRow = p / g.ow();
    int lastRow = (p + count - 1) / g.ow();
    parts = lastRow / g.oh() - firstRow / g.oh() + 1;
    int rows = lastRow - firstRow + 1;
    cells = rows * gridRow() + MARGIN;
    int most = (rows + MARGIN * parts) * g.w();
    VectorSpikeEvents pixels = VectorSpikeEvents.ofThread(most * channels, most);
    events = VectorChannelEvents.ofThread(channels, most, 2 * g.kh() * parts);
    int done = p;
    for (int part = 0; part < parts; part++) {
      int n = done / (g.oh() * g.ow());
      int end = Math.min(p + count, (n + 1) * g.oh() * g.ow());
      if (!collectPart(part, firstRow, done, end - 1, pixels)) {
        return false;
      }
      done = end;
    }
    return true;
  }

  /** The input under the output pixels first…last of one map. */
  private boolean collectPart(
      int part, int gridTop, int first, int last, VectorSpikeEvents pixels) {
    int n = first / (g.oh() * g.ow());
    int firstCell = cell(first, gridTop);
    int lastCell = cell(last, gridTop) + MARGIN;
    long[] marks = new long[2 * g.kh()]; // place and index of each mark, in order of places
    for (int row = 0; row < g.kh(); row++) {
      int index = (part * g.kh() + row) * 2;
      marks[2 * row] = (long) (firstCell + row * gridRow()) << Integer.SIZE | index;
      marks[2 * row + 1] = (long) (lastCell + 1 + row * gridRow()) << Integer.SIZE | index + 1;
    }
    Arrays.sort(marks);
    int top = Math.max(0, first / g.ow() % g.oh() - g.pad());
    int bottom = Math.min(g.h(), last / g.ow() % g.oh() - g.pad() + g.kh());
    int firstList = pixels.lists();
    int before = pixels.size();
    for (int y = top; y < bottom; y++) {
      for (int i = 0; i < g.w(); i++) {
        int pixel = (n * g.h() + y) * g.w() + i;
        pixels.add(x.bytes(), pixel * g.cin() + from, channels);
      }
    }
    if (pixels.size() - before > LIMIT * (pixels.lists() - firstList) * channels) {
      return false;
    }
    int mark = 0;
    int list = firstList;
    for (int y = top; y < bottom; y++) {
      int place = cell((n * g.oh() + y + g.pad()) * g.ow(), gridTop) + g.pad();
      for (int i = 0; i < g.w(); i++) {
        for (; mark < marks.length && place + i >= marks[mark] >> Integer.SIZE; mark++) {
          events.mark((int) marks[mark]);
        }
        boolean reaches = mark > 0 && mark < marks.length;
        if (reaches) {
          events.add(pixels, list, place + i);
        }
        list++;
      }
    }
    for (; mark < marks.length; mark++) {
      events.mark((int) marks[mark]);
    }
    return true;
  }

  /** Where an output pixel stands on the grid. */
  private int cell(int pixel, int gridTop) {
    return (pixel / g.ow() - gridTop) * gridRow() + pixel % g.ow() + MARGIN;
  }

  /**
   * Lays out the block's gradients, [vectors, cell, lane] by 4, 2 or 1 vectors; zeros elsewhere.
   */
  private void layOut(int p, int count, float[] dy) {
    grid = GRID.atLeast(vectors * cells * VECTOR_BYTES);
    if (!g.isPointwise()) {
      grid.asSlice(0, vectors * cells * VECTOR_BYTES).fill((byte) 0);
    }
    for (int v = 0; v < vectors; ) {
      int width = panel(v);
      for (int i = 0; i < width; i++) {
        long to = (v * (long) cells + i) * VECTOR_BYTES;
        copy(dy, p * g.cout() + (v + i) * LANES, count, to, width * VECTOR_BYTES, p);
      }
      v += width;
    }
  }

  /** Vectors of the panel that starts at one. */
  private int panel(int v) {
    return Integer.highestOneBit(Math.min(g.isPointwise() ? 4 : 2, vectors - v));
  }

  /** One vector of each pixel, from {@code at} on, to the grid. */
  private void copy(float[] dy, int at, int count, long to, long step, int p) {
    int left = g.cout() - (at - p * g.cout());
    if (left < LANES) {
      var there = VectorWidth.F32.indexInRange(0, left);
      for (int i = 0; i < count; i++) {
        FloatVector.fromArray(VectorWidth.F32, dy, at + i * g.cout(), there)
            .intoMemorySegment(grid, to + cellOf[i] * step, ByteOrder.nativeOrder());
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      FloatVector.fromArray(VectorWidth.F32, dy, at + i * g.cout())
          .intoMemorySegment(grid, to + cellOf[i] * step, ByteOrder.nativeOrder());
    }
  }

  /** Adds a channel's events of one part of the block under one kernel row. */
  private void sum(int part, int row, int c, int v, int width) {
    int mark = (part * g.kh() + row) * 2 * channels + c;
    int begin = events.marks[mark];
    int end = events.marks[mark + channels];
    long at = (v * (long) cells - row * (long) gridRow() * width) * VECTOR_BYTES;
    int step = width * LANES;
    int sumsAt = row * g.kw() * step;
    if (g.isPointwise()) {
      switch (width) {
        case 4 -> VectorEventSumsF32.vectors4(events, begin, end, grid, at, sums, 0);
        case 2 -> VectorEventSumsF32.vectors2(events, begin, end, grid, at, sums, 0);
        default -> VectorEventSumsF32.vectors1(events, begin, end, grid, at, sums, 0);
      }
    } else if (width == 2) {
      VectorEventSumsF32.taps3Vectors2(events, begin, end, grid, at, sums, sumsAt, step);
    } else {
      VectorEventSumsF32.taps3Vectors1(events, begin, end, grid, at, sums, sumsAt, step);
    }
  }

  /** Adds a channel's sums of the block to its gradient. */
  private void flush(int c, int v, int width, float[] out) {
    int column = v * LANES;
    int length = Math.min(width * LANES, g.cout() - column);
    for (int tap = 0; tap < taps; tap++) {
      int at = ((from + c) * taps + tap) * g.cout() + column;
      addRow(sums, tap * width * LANES, out, at, length);
    }
  }

  private static void addRow(float[] in, int at, float[] out, int outAt, int length) {
    int bound = VectorWidth.F32.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(VectorWidth.F32, out, outAt + i)
          .add(FloatVector.fromArray(VectorWidth.F32, in, at + i))
          .intoArray(out, outAt + i);
    }
    for (int i = bound; i < length; i++) {
      out[outAt + i] += in[at + i];
    }
  }
}
