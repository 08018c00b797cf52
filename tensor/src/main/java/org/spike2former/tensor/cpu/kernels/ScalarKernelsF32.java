package org.spike2former.tensor.cpu.kernels;

import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/** The plain reference: each operation as its definition reads, one element after the other. */
public final class ScalarKernelsF32 implements KernelsF32 {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String used() {
    return "scalar";
  }

  @Override
  public PackedF32 pack(FoldedLayer folded) {
    return PackedF32.plain(folded);
  }

  /**
   * The input under the output pixels from…to, as the numbers that weights are folded for: integers
   * k of spikes, or real numbers as they are.
   *
   * @param at where element 0 of the input would stand
   */
  private record Input(float[] numbers, int at) {
    static Input of(Tensor x, Window g, int from, int to) {
      if (x.dtype() != DType.SPIKES) {
        return new Input(x.floats(), 0);
      }
      int row = g.w() * g.cin();
      int first = g.isPointwise() ? from * g.cin() : row(g, from, 0) * row;
      int last = g.isPointwise() ? to * g.cin() : row(g, to - 1, g.kh()) * row;
      float[] numbers = new float[Math.max(0, last - first)];
      byte[] k = x.bytes();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = k[first + i];
      }
      return new Input(numbers, -first);
    }

    /** The input row, over all maps, {@code down} rows under the top of a pixel's window. */
    private static int row(Window g, int pixel, int down) {
      int top = pixel / g.ow() % g.oh() * g.stride() - g.pad();
      return pixel / (g.oh() * g.ow()) * g.h() + Math.clamp(top + down, 0, g.h());
    }
  }

  @Override
  public void dense(
      Tensor x, Window g, PackedF32 packed, float[] out, int outBase, int from, int to) {
    Input input = Input.of(x, g, from, to);
    float[] numbers = input.numbers();
    float[] sums = new float[g.cout()];
    float[] weights = packed.weights();
    // The nesting below is the canonical order: kernel row, block of channels, kernel column,
    // channel. Output channels are innermost, each with a sum of its own.
    for (int p = from; p < to; p++) {
      int n = p / (g.oh() * g.ow());
      int top = p / g.ow() % g.oh() * g.stride() - g.pad();
      int left = p % g.ow() * g.stride() - g.pad();
      System.arraycopy(packed.bias(), 0, sums, 0, g.cout());
      for (int r = 0; r < g.kh(); r++) {
        for (int block = 0; block < g.cin(); block += FoldedLayer.CHANNEL_BLOCK) {
          int end = Math.min(block + FoldedLayer.CHANNEL_BLOCK, g.cin());
          for (int c = 0; c < g.kw(); c++) {
            if (isInside(g, top + r, left + c)) {
              int at = input.at() + ((n * g.h() + top + r) * g.w() + left + c) * g.cin();
              int row = (r * g.kw() + c) * g.cin();
              for (int ci = block; ci < end; ci++) {
                accumulate(sums, numbers[at + ci], weights, (row + ci) * g.cout());
              }
            }
          }
        }
      }
      System.arraycopy(sums, 0, out, outBase + p * g.cout(), g.cout());
    }
  }

  /**
   * Adds a row of weights times x; nothing to do for a spike that did not fire, since sums start
   * from a bias that is never −0, so that adding 0 would change no bit.
   */
  private static void accumulate(float[] sums, float x, float[] weights, int row) {
    if (x == 0) {
      return;
    }
    for (int co = 0; co < sums.length; co++) {
      sums[co] = Math.fma(x, weights[row + co], sums[co]);
    }
  }

  private static boolean isInside(Window g, int y, int x) {
    return y >= 0 && y < g.h() && x >= 0 && x < g.w();
  }

  @Override
  public void depthwise(
      Tensor x, Window g, PackedF32 packed, float[] out, int outBase, int from, int to) {
    int channels = g.cout();
    Input input = Input.of(x, g, from * g.ow(), to * g.ow());
    float[] sums = new float[channels];
    for (int p = from * g.ow(); p < to * g.ow(); p++) {
      int n = p / (g.oh() * g.ow());
      int top = p / g.ow() % g.oh() * g.stride() - g.pad();
      int left = p % g.ow() * g.stride() - g.pad();
      System.arraycopy(packed.bias(), 0, sums, 0, channels);
      for (int r = 0; r < g.kh(); r++) {
        for (int c = 0; c < g.kw(); c++) {
          if (isInside(g, top + r, left + c)) {
            int at = input.at() + ((n * g.h() + top + r) * g.w() + left + c) * channels;
            multiplyAdd(sums, input.numbers(), at, packed.weights(), (r * g.kw() + c) * channels);
          }
        }
      }
      System.arraycopy(sums, 0, out, outBase + p * channels, channels);
    }
  }

  private static void multiplyAdd(float[] sums, float[] x, int at, float[] weights, int row) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.fma(x[at + i], weights[row + i], sums[i]);
    }
  }

  @Override
  public void spikes(float[] x, int at, byte[] out, int outAt, int length, int max) {
    for (int i = 0; i < length; i++) {
      out[outAt + i] = (byte) Math.rint(Math.max(0f, Math.min(max, x[at + i])));
    }
  }

  @Override
  public void thresholds(
      float[] x, float[] thresholds, int channels, byte[] out, int outAt, int rows) {
    for (int row = 0; row < rows * channels; row += channels) {
      thresholds(x, row, thresholds, 0, channels, out, outAt + row);
    }
  }

  /** Those of the channels from…channels in a row that starts at {@code at}. */
  public static void thresholds(
      float[] x, int at, float[] thresholds, int from, int channels, byte[] out, int outAt) {
    for (int c = from; c < channels; c++) {
      byte k = 0;
      for (int i = c; i < thresholds.length && x[at + c] >= thresholds[i]; i += channels) {
        k++;
      }
      out[outAt + c] = k;
    }
  }

  @Override
  public void batchNorm(float[] x, float[] factor, float[] shift, float[] out, int from, int to) {
    for (int r = from; r < to; r++) {
      for (int c = 0; c < factor.length; c++) {
        int i = r * factor.length + c;
        out[i] = Math.fma(x[i], factor[c], shift[c]);
      }
    }
  }

  @Override
  public void add(float[] a, int at, float[] b, int bAt, float[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[at + i] = a[at + i] + b[bAt + i];
    }
  }

  @Override
  public void addTable(float[] x, float[] table, float[] out, int from, int to) {
    for (int r = from; r < to; r++) {
      for (int i = 0; i < table.length; i++) {
        out[r * table.length + i] = x[r * table.length + i] + table[i];
      }
    }
  }

  @Override
  public void addScaled(float[] x, float[] gamma, float[] y, float[] out, int from, int to) {
    for (int r = from; r < to; r++) {
      for (int c = 0; c < gamma.length; c++) {
        int i = r * gamma.length + c;
        out[i] = Math.fma(gamma[c], y[i], x[i]);
      }
    }
  }

  @Override
  public void attention(
      Tensor q, Tensor k, Tensor v, int heads, float scale, float[] out, int from, int to) {
    int queries = q.dim(1);
    int keys = k.dim(1);
    int channels = q.dim(2);
    int values = v.dim(2);
    int width = channels / heads;
    int valueWidth = values / heads;
    byte[] ofQueries = q.bytes();
    byte[] ofKeys = k.bytes();
    byte[] ofValues = v.bytes();
    for (int pair = from; pair < to; pair++) {
      int n = pair / heads;
      int head = pair % heads;
      long[] sums = new long[width * valueWidth];
      for (int key = 0; key < keys; key++) {
        int kBase = (n * keys + key) * channels + head * width;
        int vBase = (n * keys + key) * values + head * valueWidth;
        for (int a = 0; a < width; a++) {
          for (int b = 0; b < valueWidth; b++) {
            sums[a * valueWidth + b] += ofKeys[kBase + a] * ofValues[vBase + b];
          }
        }
      }
      for (int query = 0; query < queries; query++) {
        int qBase = (n * queries + query) * channels + head * width;
        int outBase = (n * queries + query) * values + head * valueWidth;
        for (int b = 0; b < valueWidth; b++) {
          long sum = 0;
          for (int a = 0; a < width; a++) {
            sum += ofQueries[qBase + a] * sums[a * valueWidth + b];
          }
          out[outBase + b] = sum * scale;
        }
      }
    }
  }

  @Override
  public void deformSample(
      Tensor v, Tensor offset, Tensor mask, int groups, float[] out, int from, int to) {
    int h = v.dim(1);
    int w = v.dim(2);
    int channels = v.dim(3);
    int width = channels / groups;
    float[] values = v.floats();
    float[] sums = new float[width];
    for (int pixel = from; pixel < to; pixel++) {
      int n = pixel / (h * w);
      int row = pixel / w % h;
      int column = pixel % w;
      for (int g = 0; g < groups; g++) {
        Arrays.fill(sums, 0f);
        for (int p = 0; p < 9; p++) {
          int at = (pixel * groups + g) * 9 + p;
          float m = mask.bytes()[at] * (float) mask.scale();
          float x = column + (p / 3 - 1) + offset.floats()[2 * at];
          float y = row + (p % 3 - 1) + offset.floats()[2 * at + 1];
          float floorX = (float) Math.floor(x);
          float floorY = (float) Math.floor(y);
          float rightShare = x - floorX;
          float bottomShare = y - floorY;
          for (int corner = 0; corner < 4; corner++) {
            int cx = (int) floorX + corner % 2;
            int cy = (int) floorY + corner / 2;
            if (m != 0 && cx >= 0 && cx < w && cy >= 0 && cy < h) {
              float shareX = corner % 2 == 1 ? rightShare : 1 - rightShare;
              float shareY = corner / 2 == 1 ? bottomShare : 1 - bottomShare;
              float share = m * (shareX * shareY);
              int base = ((n * h + cy) * w + cx) * channels + g * width;
              for (int c = 0; c < width; c++) {
                sums[c] = Math.fma(share, values[base + c], sums[c]);
              }
            }
          }
        }
        System.arraycopy(sums, 0, out, pixel * channels + g * width, width);
      }
    }
  }

  @Override
  public void resizeBilinear(
      float[] x, ResizeF32 resize, float[] out, int outBase, int from, int to) {
    Window g = resize.window();
    int channels = g.cin();
    BilinearF32 rows = resize.rows();
    BilinearF32 columns = resize.columns();
    for (int r = from; r < to; r++) {
      int map = r / g.oh() * g.h();
      int top = (map + rows.low()[r % g.oh()]) * g.w();
      int bottom = (map + rows.high()[r % g.oh()]) * g.w();
      float down = rows.weight()[r % g.oh()];
      for (int i = 0; i < g.ow(); i++) {
        float right = columns.weight()[i];
        int low = columns.low()[i];
        int high = columns.high()[i];
        for (int c = 0; c < channels; c++) {
          float above =
              (1 - right) * x[(top + low) * channels + c] + right * x[(top + high) * channels + c];
          float below =
              (1 - right) * x[(bottom + low) * channels + c]
                  + right * x[(bottom + high) * channels + c];
          out[outBase + (r * g.ow() + i) * channels + c] = (1 - down) * above + down * below;
        }
      }
    }
  }

  @Override
  public void sigmoid(float[] x, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = 1 / (1 + Exp.exp(-x[i]));
    }
  }

  @Override
  public void argmax(float[] x, int at, int classes, byte[] out, int outAt, int pixels) {
    for (int p = 0; p < pixels; p++) {
      out[outAt + p] = (byte) argmax(x, at + p * classes, classes);
    }
  }

  /** Index from {@code at} of the greatest of {@code length} elements, the first of equals. */
  public static int argmax(float[] x, int at, int length) {
    int best = 0;
    for (int i = 1; i < length; i++) {
      if (x[at + i] > x[at + best]) {
        best = i;
      }
    }
    return best;
  }
}
