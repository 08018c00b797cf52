package org.spike2former.tensor.cpu.vector;

import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.Window;

/**
 * The input under the windows of a block of output pixels, as real numbers with zeros around the
 * map: the number at tap t and channel c of the block's pixel p is {@code numbers[base[p] +
 * offset[t·channels + c]]}, channels being counted from the first that is there. The map's rows are
 * kept as they are, so that no number is copied for each tap.
 */
public final class VectorWindowsF32 {
  private static final ScratchF32 GRID = new ScratchF32();

  private final Tensor x;
  private final Window g;

  private final int first;
  private final int channels;
  private int columns;

  public float[] numbers;
  public final int[] base = new int[GradientKernelsF32.PIXEL_BLOCK];
  public final int[] offset;

  /** Windows of the input channels from…to. */
  public VectorWindowsF32(Tensor x, Window g, int from, int to) {
    this.x = x;
    this.g = g;
    first = from;
    channels = to - from;
    offset = new int[g.kh() * g.kw() * channels];
  }

  /** Lays out the input of the output pixels p…p+count. */
  public void load(int p, int count) {
    if (g.isPointwise()) {
      loadPixels(p, count);
    } else {
      loadRows(p, count);
    }
  }

  private void loadPixels(int p, int count) {
    int step = g.cin();
    int at = p * step;
    if (x.dtype() == DType.SPIKES) {
      step = channels;
      at = 0;
      numbers = GRID.atLeast(count * channels);
      for (int i = 0; i < count; i++) {
        VectorBytes.widen(x.bytes(), (p + i) * g.cin() + first, numbers, i * channels, channels);
      }
    } else {
      numbers = x.floats();
      at += first;
    }
    for (int i = 0; i < count; i++) {
      base[i] = at + i * step;
    }
    for (int r = 0; r < offset.length; r++) {
      offset[r] = r;
    }
  }

  private void loadRows(int p, int count) {
    int firstRow = p / g.ow();
    int lastRow = (p + count - 1) / g.ow();
    boolean oneRow = firstRow == lastRow;
    int left = oneRow ? p % g.ow() : 0;
    columns = ((oneRow ? count : g.ow()) - 1) * g.stride() + g.kw();
    int gridRow = columns * channels;
    int maps = lastRow / g.oh() - firstRow / g.oh() + 1;
    int rows = (lastRow - firstRow + 1 - maps) * g.stride() + maps * g.kh();
    numbers = GRID.atLeast(rows * gridRow);
    int done = 0; // grid rows of the maps before
    int pixel = 0;
    // The grid is [row, column, channel]; each map in the block has rows of its own, edges
    // included.
    for (int row = firstRow; row <= lastRow; ) {
      int n = row / g.oh();
      int y = row % g.oh();
      int height = Math.min(g.oh() - y, lastRow - row + 1);
      int inputRows = (height - 1) * g.stride() + g.kh();
      for (int r = 0; r < inputRows; r++) {
        loadRow(n, y * g.stride() - g.pad() + r, left, (done + r) * gridRow);
      }
      for (int r = 0; r < height; r++) {
        int begin = row == firstRow && r == 0 ? p % g.ow() : 0;
        int end = Math.min(g.ow(), begin + count - pixel);
        for (int i = begin; i < end; i++) {
          base[pixel++] = (done + r * g.stride()) * gridRow + (i - left) * g.stride() * channels;
        }
      }
      done += inputRows;
      row += height;
    }
    for (int r = 0; r < offset.length; r++) {
      int tap = r / channels;
      offset[r] = tap / g.kw() * gridRow + tap % g.kw() * channels + r % channels;
    }
  }

  /** Row y of map n from the column under output column {@code left} on; zeros outside the map. */
  private void loadRow(int n, int y, int left, int at) {
    int leftmost = left * g.stride() - g.pad();
    int begin = Math.clamp(-leftmost, 0, columns);
    int end = Math.clamp(g.w() - leftmost, begin, columns);
    if (y < 0 || y >= g.h() || begin == end) {
      Arrays.fill(numbers, at, at + columns * channels, 0f);
      return;
    }
    Arrays.fill(numbers, at, at + begin * channels, 0f);
    Arrays.fill(numbers, at + end * channels, at + columns * channels, 0f);
    int source = ((n * g.h() + y) * g.w() + leftmost) * g.cin() + first;
    if (channels == g.cin()) {
      copy(source + begin * channels, at + begin * channels, (end - begin) * channels);
    } else {
      for (int i = begin; i < end; i++) {
        copy(source + i * g.cin(), at + i * channels, channels);
      }
    }
  }

  private void copy(int source, int at, int length) {
    if (x.dtype() == DType.SPIKES) {
      VectorBytes.widen(x.bytes(), source, numbers, at, length);
    } else {
      System.arraycopy(x.floats(), source, numbers, at, length);
    }
  }
}
