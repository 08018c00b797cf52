package org.spike2former.tensor.cpu.kernels;

import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.Window;

/** The plain reference: sums as {@link GradientKernelsF32} defines them. */
public final class ScalarGradientKernelsF32 implements GradientKernelsF32 {
  @Override
  public void denseWeights(Tensor x, Window g, float[] dy, float[] out, int from, int to) {
    float[] numbers = numbers(x);
    int taps = g.kh() * g.kw();
    int step = taps * g.cout();
    float[] block = new float[(to - from) * step];
    Arrays.fill(out, from * step, to * step, 0f);
    for (int first = 0; first < g.outPixels(); first += PIXEL_BLOCK) {
      Arrays.fill(block, 0f);
      for (int p = first; p < Math.min(first + PIXEL_BLOCK, g.outPixels()); p++) {
        for (int tap = 0; tap < taps; tap++) {
          int pixel = inputPixel(g, p, tap);
          for (int ci = from; pixel >= 0 && ci < to; ci++) {
            float number = numbers[pixel * g.cin() + ci];
            int at = ((ci - from) * taps + tap) * g.cout();
            multiplyAdd(number, dy, p * g.cout(), block, at, g.cout());
          }
        }
      }
      for (int i = 0; i < block.length; i++) {
        out[from * step + i] += block[i];
      }
    }
  }

  /** Adds x times dy; nothing to do for a spike that did not fire. */
  private static void multiplyAdd(
      float x, float[] dy, int dyAt, float[] sums, int sumsAt, int length) {
    if (x == 0) {
      return;
    }
    for (int i = 0; i < length; i++) {
      sums[sumsAt + i] = Math.fma(x, dy[dyAt + i], sums[sumsAt + i]);
    }
  }

  /** The input pixel under a tap of output pixel p's window; −1 outside. */
  private static int inputPixel(Window g, int p, int tap) {
    int y = p / g.ow() % g.oh() * g.stride() - g.pad() + tap / g.kw();
    int x = p % g.ow() * g.stride() - g.pad() + tap % g.kw();
    boolean inside = y >= 0 && y < g.h() && x >= 0 && x < g.w();
    return inside ? (p / (g.oh() * g.ow()) * g.h() + y) * g.w() + x : -1;
  }

  private static float[] numbers(Tensor x) {
    if (x.dtype() != DType.SPIKES) {
      return x.floats();
    }
    byte[] k = x.bytes();
    float[] numbers = new float[k.length];
    for (int i = 0; i < k.length; i++) {
      numbers[i] = k[i];
    }
    return numbers;
  }

  @Override
  public void depthwiseWeights(Tensor x, Window g, float[] dy, float[] out, int from, int to) {
    float[] numbers = numbers(x);
    int channels = g.cout();
    int width = to - from;
    int taps = g.kh() * g.kw();
    float[] block = new float[taps * width];
    for (int tap = 0; tap < taps; tap++) {
      Arrays.fill(out, tap * channels + from, tap * channels + to, 0f);
    }
    for (int first = 0; first < g.outPixels(); first += PIXEL_BLOCK) {
      Arrays.fill(block, 0f);
      for (int p = first; p < Math.min(first + PIXEL_BLOCK, g.outPixels()); p++) {
        for (int tap = 0; tap < taps; tap++) {
          int pixel = inputPixel(g, p, tap);
          if (pixel >= 0) {
            int xAt = pixel * channels + from;
            int dyAt = p * channels + from;
            for (int i = 0; i < width; i++) {
              int at = tap * width + i;
              block[at] = Math.fma(numbers[xAt + i], dy[dyAt + i], block[at]);
            }
          }
        }
      }
      for (int tap = 0; tap < taps; tap++) {
        for (int i = 0; i < width; i++) {
          out[tap * channels + from + i] += block[tap * width + i];
        }
      }
    }
  }

  @Override
  public void sumRows(float[] x, int rows, int channels, float[] out, int from, int to) {
    for (int block = from; block < to; block++) {
      int at = block * channels;
      Arrays.fill(out, at, at + channels, 0f);
      for (int r = block * ROW_BLOCK; r < Math.min((block + 1) * ROW_BLOCK, rows); r++) {
        for (int c = 0; c < channels; c++) {
          out[at + c] += x[r * channels + c];
        }
      }
    }
  }

  @Override
  public void sumSquares(
      float[] x, float[] mean, int rows, int channels, float[] out, int from, int to) {
    for (int block = from; block < to; block++) {
      int at = block * channels;
      Arrays.fill(out, at, at + channels, 0f);
      for (int r = block * ROW_BLOCK; r < Math.min((block + 1) * ROW_BLOCK, rows); r++) {
        for (int c = 0; c < channels; c++) {
          float distance = x[r * channels + c] - mean[c];
          out[at + c] = Math.fma(distance, distance, out[at + c]);
        }
      }
    }
  }

  @Override
  public void normSums(
      float[] dy, float[] x, NormF32 n, int rows, float[] sumDy, float[] sumDyX, int from, int to) {
    int channels = n.mean().length;
    for (int block = from; block < to; block++) {
      int at = block * channels;
      Arrays.fill(sumDy, at, at + channels, 0f);
      Arrays.fill(sumDyX, at, at + channels, 0f);
      for (int r = block * ROW_BLOCK; r < Math.min((block + 1) * ROW_BLOCK, rows); r++) {
        for (int c = 0; c < channels; c++) {
          int i = r * channels + c;
          float g = throughNeuron(dy[i], x[i], n, c);
          float normal = (x[i] - n.mean()[c]) * n.inverse()[c];
          sumDy[at + c] += g;
          sumDyX[at + c] = Math.fma(g, normal, sumDyX[at + c]);
        }
      }
    }
  }

  /** The norm's own gradient, from that of the neuron's spikes if there is a neuron. */
  private static float throughNeuron(float dy, float x, NormF32 n, int c) {
    if (n.bound() < 0) {
      return dy;
    }
    float potential = Math.fma(x, n.factor()[c], n.shift()[c]);
    return potential >= 0 && potential <= n.bound() ? dy * n.scale() : 0;
  }

  @Override
  public void normInput(
      float[] dy,
      float[] x,
      NormF32 n,
      float[] meanDy,
      float[] meanDyX,
      float[] out,
      int from,
      int to) {
    int channels = n.mean().length;
    for (int r = from; r < to; r++) {
      for (int c = 0; c < channels; c++) {
        int i = r * channels + c;
        float g = throughNeuron(dy[i], x[i], n, c);
        float normal = (x[i] - n.mean()[c]) * n.inverse()[c];
        out[i] = n.factor()[c] * Math.fma(-normal, meanDyX[c], g - meanDy[c]);
      }
    }
  }

  @Override
  public void spikes(float[] dy, float[] x, float scale, int max, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = x[i] >= 0 && x[i] <= max ? dy[i] * scale : 0;
    }
  }

  @Override
  public void attention(
      Tensor q,
      Tensor k,
      Tensor v,
      int heads,
      double scale,
      float[] dy,
      float[] dq,
      float[] dk,
      float[] dv,
      int from,
      int to) {
    int queries = q.dim(1);
    int keys = k.dim(1);
    int channels = q.dim(2);
    int values = v.dim(2);
    int width = channels / heads;
    int valueWidth = values / heads;
    float queryFactor = (float) (scale * k.scale() * v.scale());
    float keyFactor = (float) (scale * q.scale() * v.scale());
    float valueFactor = (float) (scale * q.scale() * k.scale());
    float[] products = new float[width * valueWidth];
    float[] gradients = new float[width * valueWidth];
    for (int pair = from; pair < to; pair++) {
      int n = pair / heads;
      int head = pair % heads;
      int qAt = n * queries * channels + head * width;
      int kAt = n * keys * channels + head * width;
      int vAt = n * keys * values + head * valueWidth;
      int dyAt = n * queries * values + head * valueWidth;
      keyValueProducts(k, kAt, v, vAt, keys, products, valueWidth);
      Arrays.fill(gradients, 0f);
      for (int query = 0; query < queries; query++) {
        int qRow = qAt + query * channels;
        int dyRow = dyAt + query * values;
        for (int a = 0; a < width; a++) {
          float sum = 0;
          for (int b = 0; b < valueWidth; b++) {
            int ab = a * valueWidth + b;
            sum = Math.fma(dy[dyRow + b], products[ab], sum);
            gradients[ab] = Math.fma((float) q.bytes()[qRow + a], dy[dyRow + b], gradients[ab]);
          }
          dq[qRow + a] = sum * queryFactor;
        }
      }
      float[] valueSums = new float[valueWidth];
      for (int key = 0; key < keys; key++) {
        int kRow = kAt + key * channels;
        int vRow = vAt + key * values;
        Arrays.fill(valueSums, 0f);
        for (int a = 0; a < width; a++) {
          float sum = 0;
          for (int b = 0; b < valueWidth; b++) {
            float gradient = gradients[a * valueWidth + b];
            sum = Math.fma((float) v.bytes()[vRow + b], gradient, sum);
            valueSums[b] = Math.fma((float) k.bytes()[kRow + a], gradient, valueSums[b]);
          }
          dk[kRow + a] = sum * keyFactor;
        }
        for (int b = 0; b < valueWidth; b++) {
          dv[vRow + b] = valueSums[b] * valueFactor;
        }
      }
    }
  }

  /** {@code M = kᵀv} of one head, exact in integers. */
  private static void keyValueProducts(
      Tensor k, int kAt, Tensor v, int vAt, int keys, float[] out, int valueWidth) {
    long[] sums = new long[out.length];
    int width = out.length / valueWidth;
    for (int key = 0; key < keys; key++) {
      for (int a = 0; a < width; a++) {
        for (int b = 0; b < valueWidth; b++) {
          sums[a * valueWidth + b] +=
              k.bytes()[kAt + key * k.dim(2) + a] * v.bytes()[vAt + key * v.dim(2) + b];
        }
      }
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = sums[i];
    }
  }

  @Override
  public void deformSample(
      Tensor v,
      Tensor offset,
      Tensor mask,
      int groups,
      float[] dy,
      float[] dv,
      float[] dOffset,
      float[] dMask,
      int from,
      int to) {
    int h = v.dim(1);
    int w = v.dim(2);
    int channels = v.dim(3);
    int width = channels / groups;
    float[] values = v.floats();
    float[] dots = new float[4];
    for (int pixel = 0; pixel < v.size() / channels; pixel++) {
      int map = pixel / (h * w) * h;
      int row = pixel / w % h;
      int column = pixel % w;
      for (int g = from; g < to; g++) {
        int dyAt = pixel * channels + g * width;
        for (int p = 0; p < 9; p++) {
          int at = (pixel * groups + g) * 9 + p;
          float m = mask.bytes()[at] * (float) mask.scale();
          float x = column + (p / 3 - 1) + offset.floats()[2 * at];
          float y = row + (p % 3 - 1) + offset.floats()[2 * at + 1];
          float floorX = (float) Math.floor(x);
          float floorY = (float) Math.floor(y);
          float right = x - floorX;
          float bottom = y - floorY;
          for (int corner = 0; corner < 4; corner++) {
            int cx = (int) floorX + corner % 2;
            int cy = (int) floorY + corner / 2;
            float dot = 0;
            if (cx >= 0 && cx < w && cy >= 0 && cy < h) {
              int base = ((map + cy) * w + cx) * channels + g * width;
              float shareX = corner % 2 == 1 ? right : 1 - right;
              float shareY = corner / 2 == 1 ? bottom : 1 - bottom;
              float share = m * (shareX * shareY);
              for (int c = 0; c < width; c++) {
                dot = Math.fma(dy[dyAt + c], values[base + c], dot);
              }
              for (int c = 0; m != 0 && c < width; c++) {
                dv[base + c] = Math.fma(share, dy[dyAt + c], dv[base + c]);
              }
            }
            dots[corner] = dot;
          }
          float left = 1 - right;
          float top = 1 - bottom;
          dMask[at] =
              left * top * dots[0]
                  + right * top * dots[1]
                  + left * bottom * dots[2]
                  + right * bottom * dots[3];
          dOffset[2 * at] = m * (top * (dots[1] - dots[0]) + bottom * (dots[3] - dots[2]));
          dOffset[2 * at + 1] = m * (left * (dots[2] - dots[0]) + right * (dots[3] - dots[1]));
        }
      }
    }
  }

  @Override
  public void resizeBilinear(float[] dy, ResizeF32 resize, float[] out, int from, int to) {
    Window g = resize.window();
    int channels = g.cin();
    int line = g.w() * channels;
    for (int r = from; r < to; r++) {
      Arrays.fill(out, r * line, (r + 1) * line, 0f);
      for (int oy = 0; oy < g.oh(); oy++) {
        float share = share(resize.rows(), oy, r % g.h());
        if (resize.rows().low()[oy] == r % g.h() || resize.rows().high()[oy] == r % g.h()) {
          int dyRow = (r / g.h() * g.oh() + oy) * g.ow();
          for (int ox = 0; ox < g.ow(); ox++) {
            int low = resize.columns().low()[ox];
            int high = resize.columns().high()[ox];
            for (int x = low; x <= high; x++) {
              float weight = share * share(resize.columns(), ox, x);
              int at = r * line + x * channels;
              int dyAt = (dyRow + ox) * channels;
              for (int c = 0; c < channels; c++) {
                out[at + c] = Math.fma(weight, dy[dyAt + c], out[at + c]);
              }
            }
          }
        }
      }
    }
  }

  /** What input {@code i} has in output {@code o} along one axis. */
  private static float share(BilinearF32 axis, int o, int i) {
    float low = axis.low()[o] == i ? 1 - axis.weight()[o] : 0;
    float high = axis.high()[o] == i ? axis.weight()[o] : 0;
    return low + high;
  }
}
