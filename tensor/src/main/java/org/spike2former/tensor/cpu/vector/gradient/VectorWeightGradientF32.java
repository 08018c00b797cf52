package org.spike2former.tensor.cpu.vector.gradient;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.NativeScratch;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;
import org.spike2former.tensor.cpu.vector.VectorWindowsF32;
import org.spike2former.tensor.layer.Window;

/**
 * Weight gradients of dense layers as matrix products, {@code inputᵀ·dy}, a block of output pixels
 * at a time: a tile of the gradient stays in registers while the block's pixels go by.
 */
final class VectorWeightGradientF32 {
  private static final int LANES = VectorWidth.F32.length();

  private static final NativeScratch PANELS = new NativeScratch();
  private static final ScratchF32 LINE = new ScratchF32();
  private static final ScratchF32 EDGE = new ScratchF32();

  private VectorWeightGradientF32() {}

  /** See {@link GradientKernelsF32#denseWeights}. */
  static void dense(Tensor x, Window g, float[] dy, float[] out, int from, int to) {
    int columns = g.cout();
    int taps = g.kh() * g.kw();
    Arrays.fill(out, from * taps * columns, to * taps * columns, 0f);
    VectorWindowsF32 windows = new VectorWindowsF32(x, g, from, to);
    int[] place = new int[taps * (to - from)];
    for (int r = 0; r < place.length; r++) {
      place[r] = ((from + r % (to - from)) * taps + r / (to - from)) * columns;
    }
    int block = GradientKernelsF32.PIXEL_BLOCK;
    MemorySegment panels = PANELS.atLeast(VectorPanelsF32.bytes(block, columns));
    boolean mayBeSparse = VectorEventGradientF32.fits(x, g);
    var byEvents = mayBeSparse ? new VectorEventGradientF32(x, g, from, to) : null;
    // Blocks of pixels ascend and each is summed from 0: the order of accumulation. Each block is
    // done by events or as a product, whichever its own density makes faster.
    for (int p = 0; p < g.outPixels(); p += block) {
      int pixels = Math.min(block, g.outPixels() - p);
      if (mayBeSparse && byEvents.add(p, pixels, dy, out)) {
        continue;
      }
      windows.load(p, pixels);
      pack(dy, p * columns, pixels, columns, panels);
      add(windows, pixels, panels, columns, out, place);
    }
  }

  /** Lays out the gradients of a block of pixels. */
  private static void pack(float[] dy, int at, int pixels, int columns, MemorySegment panels) {
    float[] line = LINE.exactly(VectorPanelsF32.padded(columns));
    for (int p = 0; p < pixels; p++) {
      System.arraycopy(dy, at + p * columns, line, 0, columns);
      VectorPanelsF32.setRow(panels, pixels, p, line);
    }
  }

  /**
   * Adds the products of a block of pixels to the gradient.
   *
   * @param place where each row of it starts, in the order of the windows
   */
  private static void add(
      VectorWindowsF32 windows,
      int pixels,
      MemorySegment panels,
      int columns,
      float[] out,
      int[] place) {
    for (int done = 0; done < columns; ) {
      int column = done;
      int vectors = VectorPanelsF32.vectors(VectorPanelsF32.padded(columns) - column);
      int width = vectors * LANES;
      int tile = tileRows(vectors);
      long panel = VectorPanelsF32.offset(pixels, column);
      // As in VectorGemmF32, a tile past the last column goes to an array of its own first.
      boolean whole = column + width <= columns;
      float[] sums = whole ? out : EDGE.exactly(place.length * width);
      int[] sumPlace = whole ? place : new int[place.length];
      if (!whole) {
        Arrays.fill(sums, 0f);
        Arrays.setAll(sumPlace, r -> r * width - column);
      }
      for (int row = 0; row < place.length; row += tile) {
        int rows = Math.min(tile, place.length - row);
        tile(vectors, windows, pixels, row, rows, panels, panel, sums, sumPlace, column);
      }
      for (int r = 0; !whole && r < place.length; r++) {
        for (int c = column; c < columns; c++) {
          out[place[r] + c] += sums[sumPlace[r] + c];
        }
      }
      done += width;
    }
  }

  private static int tileRows(int vectors) {
    return switch (vectors) {
      case 4 -> VectorWeightTileF32.ROWS_4;
      case 2 -> VectorWeightTileF32.ROWS_2;
      default -> VectorWeightTileF32.ROWS_1;
    };
  }

  private static void tile(
      int vectors,
      VectorWindowsF32 windows,
      int pixels,
      int first,
      int rows,
      MemorySegment panels,
      long panel,
      float[] out,
      int[] place,
      int column) {
    float[] a = windows.numbers;
    int[] base = windows.base;
    int[] offset = windows.offset;
    switch (vectors) {
      case 4 ->
          VectorWeightTileF32.vectors4(
              a, base, pixels, offset, first, rows, panels, panel, out, place, column);
      case 2 ->
          VectorWeightTileF32.vectors2(
              a, base, pixels, offset, first, rows, panels, panel, out, place, column);
      default ->
          VectorWeightTileF32.vectors1(
              a, base, pixels, offset, first, rows, panels, panel, out, place, column);
    }
  }
}
