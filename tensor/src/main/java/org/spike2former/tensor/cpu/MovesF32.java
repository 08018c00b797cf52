package org.spike2former.tensor.cpu;

import java.util.List;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;

/** Operations that move elements and compute little or nothing; the same for all kernels. */
final class MovesF32 {
  private static final int ROW_GRAIN = 4;

  /** Rows and columns of a transpose's tile: 16 reals are a cache line. */
  private static final int TILE = 16;

  private final Workers workers;
  private final Buffers buffers;

  MovesF32(Workers workers, Buffers buffers) {
    this.workers = workers;
    this.buffers = buffers;
  }

  /** Pads a map by one pixel of the vector {@code ring} on each side, to this shape. */
  Tensor pad(Tensor x, int[] shape, float[] ring) {
    int h = x.dim(1);
    int w = x.dim(2);
    int c = x.dim(3);
    float[] in = x.floats();
    float[] out = buffers.floats(Shape.size(shape), x);
    workers.run(
        x.dim(0) * (h + 2),
        ROW_GRAIN,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int row = r % (h + 2) - 1;
            boolean inside = row >= 0 && row < h;
            for (int column = 0; column < w + 2; column += inside ? w + 1 : 1) {
              System.arraycopy(ring, 0, out, (r * (w + 2) + column) * c, c);
            }
            if (inside) {
              int at = (r / (h + 2) * h + row) * w * c;
              System.arraycopy(in, at, out, (r * (w + 2) + 1) * c, w * c);
            }
          }
        });
    return Tensor.of(out, shape);
  }

  Tensor transpose(Tensor x, int... shape) {
    int rows = x.dim(1);
    int columns = x.dim(2);
    if (x.dtype() == DType.SPIKES) {
      byte[] in = x.bytes();
      byte[] out = buffers.bytes(in.length, x);
      forTiles(
          x,
          (at, to, height, width) -> {
            for (int c = 0; c < width; c++) {
              for (int r = 0; r < height; r++) {
                out[to + c * rows + r] = in[at + r * columns + c];
              }
            }
          });
      return Tensor.spikes(out, x.scale(), shape);
    }
    float[] in = x.floats();
    float[] out = buffers.floats(in.length, x);
    forTiles(
        x,
        (at, to, height, width) -> {
          for (int c = 0; c < width; c++) {
            for (int r = 0; r < height; r++) {
              out[to + c * rows + r] = in[at + r * columns + c];
            }
          }
        });
    return Tensor.of(out, shape);
  }

  /** A piece [height, width] of a matrix, from element {@code at} on, goes to {@code to}. */
  @FunctionalInterface
  private interface Tile {
    void transpose(int at, int to, int height, int width);
  }

  /**
   * Square tiles of the matrices [rows, columns] of x: of each cache line that is read or written
   * all is used while it is there, even if lines a power of two apart take each other's places.
   */
  private void forTiles(Tensor x, Tile tile) {
    int rows = x.dim(1);
    int columns = x.dim(2);
    workers.run(
        x.dim(0) * columns,
        TILE,
        (from, to) -> {
          for (int first = from; first < to; ) {
            int lineEnd = Math.min(to, (first / columns + 1) * columns);
            int width = Math.min(TILE, lineEnd - first);
            int base = first / columns * rows * columns + first % columns;
            for (int r = 0; r < rows; r += TILE) {
              tile.transpose(base + r * columns, first * rows + r, Math.min(TILE, rows - r), width);
            }
            first += width;
          }
        });
  }

  Tensor concat(List<Tensor> parts, int... shape) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    Tensor out = like(parts, shape);
    int at = 0;
    for (Tensor part : parts) {
      System.arraycopy(storage(part), 0, storage(out), at, part.size());
      at += part.size();
    }
    return out;
  }

  /** Rows from {@code from} on, as many as the shape has. */
  Tensor slice(Tensor x, int from, int... shape) {
    if (shape[0] == x.dim(0)) {
      return x;
    }
    int row = x.size() / x.dim(0);
    Tensor out = like(List.of(x), shape);
    System.arraycopy(storage(x), from * row, storage(out), 0, out.size());
    return out;
  }

  Tensor repeat(Tensor x, int... shape) {
    int n = shape[0];
    if (n == 1) {
      return x.reshape(shape);
    }
    Tensor out = like(List.of(x), shape);
    for (int i = 0; i < n; i++) {
      System.arraycopy(storage(x), 0, storage(out), i * x.size(), x.size());
    }
    return out;
  }

  /** A tensor of the first one's type and scale, for what is copied from all. */
  private Tensor like(List<Tensor> parts, int... shape) {
    Tensor[] read = parts.toArray(new Tensor[0]);
    int size = Shape.size(shape);
    return read[0].dtype() == DType.SPIKES
        ? Tensor.spikes(buffers.bytes(size, read), read[0].scale(), shape)
        : Tensor.of(buffers.floats(size, read), shape);
  }

  private static Object storage(Tensor x) {
    return x.dtype() == DType.SPIKES ? x.bytes() : x.floats();
  }

  Tensor meanTime(Tensor x, int groups, int timeSteps, int... shape) {
    if (timeSteps == 1) {
      return x;
    }
    float[] in = x.floats();
    float[] out = buffers.floats(in.length / timeSteps, x);
    int block = out.length / groups;
    for (int i = 0; i < out.length; i++) {
      float sum = 0;
      int base = i / block * block * timeSteps + i % block;
      for (int t = 0; t < timeSteps; t++) {
        sum += in[base + t * block];
      }
      out[i] = sum / timeSteps;
    }
    return Tensor.of(out, shape);
  }
}
