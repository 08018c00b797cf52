package org.spike2former.tensor.cpu;

import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightLayer.Kind;
import org.spike2former.tensor.layer.Window;

/** Gradients of weight layers and products. */
final class LinearGradientsF32 {
  /** Rows of a weight's gradient that are worth handing to a thread: it reads all of dy. */
  private static final int ROWS_WORTH = 64;

  private static final int CHANNEL_GRAIN = 16;

  private static final OpShapes SHAPES = new OpShapes(Precision.F32);

  private static final ScratchF32 LEFT = new ScratchF32();
  private static final ScratchF32 RIGHT = new ScratchF32();
  private static final ScratchF32 SUMS = new ScratchF32();

  private final StagedKernelsF32 kernels;
  private final GradientKernelsF32 gradients;
  private final Workers workers;
  private final PooledBuffers buffers;

  LinearGradientsF32(
      StagedKernelsF32 kernels,
      GradientKernelsF32 gradients,
      Workers workers,
      PooledBuffers buffers) {
    this.kernels = kernels;
    this.gradients = gradients;
    this.workers = workers;
    this.buffers = buffers;
  }

  /** See {@code Derivatives.linearInput}. */
  Tensor input(Tensor dy, WeightLayer layer, int... inputShape) {
    int cin = layer.inChannels();
    int cout = layer.outChannels();
    PackedF32 packed = kernels.now().pack(FoldedLayer.flipped(layer));
    float[] out = buffers.floats(Shape.size(inputShape));
    if (layer.isPointwise()) {
      Window g = Window.pointwise(dy.size() / cout, cout, cin);
      workers.run(
          g.outPixels(),
          LayersF32.PIXEL_GRAIN,
          (a, b) -> kernels.now().dense(dy, g, packed, out, 0, a, b));
      return Tensor.of(out, inputShape);
    }
    Tensor spread = spread(dy, layer, inputShape);
    int h = inputShape[1];
    int w = inputShape[2];
    int k = layer.kernelHeight();
    int pad = k - 1 - layer.padding();
    Window g = new Window(dy.dim(0), spread.dim(1), spread.dim(2), cout, cin, k, k, 1, pad, h, w);
    workers.run(
        g.n() * h,
        1,
        (a, b) -> {
          if (packed.depthwise()) {
            kernels.now().depthwise(spread, g, packed, out, 0, a, b);
          } else {
            kernels.now().dense(spread, g, packed, out, 0, a * w, b * w);
          }
        });
    if (spread != dy) {
      buffers.release(spread);
    }
    return Tensor.of(out, inputShape);
  }

  /** dy with the pixels in between that the layer's stride left out, as zeros. */
  private Tensor spread(Tensor dy, WeightLayer layer, int... inputShape) {
    if (layer.kernelHeight() != layer.kernelWidth() || layer.padding() >= layer.kernelHeight()) {
      throw new ShapeException(layer.name() + ": no gradient for windows like this");
    }
    int stride = layer.stride();
    if (stride == 1) {
      return dy;
    }
    int grow = 2 * layer.padding() - layer.kernelHeight() + 1;
    int h = inputShape[1] + grow;
    int w = inputShape[2] + grow;
    int c = dy.dim(3);
    float[] in = dy.floats();
    float[] out = buffers.floats(Shape.size(dy.dim(0), h, w, c));
    Arrays.fill(out, 0f);
    for (int p = 0; p < in.length / c; p++) {
      int row = p / dy.dim(2);
      int y = row / dy.dim(1) * h + row % dy.dim(1) * stride;
      System.arraycopy(in, p * c, out, (y * w + p % dy.dim(2) * stride) * c, c);
    }
    return Tensor.of(out, dy.dim(0), h, w, c);
  }

  /** See {@code Derivatives.linearWeight}. */
  Tensor weight(Tensor dy, Tensor x, WeightLayer layer) {
    int cout = layer.outChannels();
    boolean depthwise = layer.kind() == Kind.DEPTHWISE;
    int cin = depthwise ? 1 : layer.inChannels();
    int taps = layer.kernelHeight() * layer.kernelWidth();
    Window g = Window.of(x, layer, SHAPES.layer(x, layer));
    float[] sums = buffers.floats(taps * cin * cout);
    float[] in = dy.floats();
    if (depthwise) {
      workers.run(cout, CHANNEL_GRAIN, (a, b) -> gradients.depthwiseWeights(x, g, in, sums, a, b));
    } else {
      workers.run(cin, grain(cin, taps), (a, b) -> gradients.denseWeights(x, g, in, sums, a, b));
    }
    float[] out = buffers.floats(sums.length);
    int rows = taps * cin;
    float scale = (float) x.scale();
    workers.run(
        cout,
        CHANNEL_GRAIN,
        (a, b) -> {
          for (int first = 0; first < rows; first += CHANNEL_GRAIN) {
            int end = Math.min(rows, first + CHANNEL_GRAIN);
            for (int co = a; co < b; co++) {
              for (int row = first; row < end; row++) {
                out[co * rows + row] = sums[row * cout + co] * scale;
              }
            }
          }
        });
    buffers.release(Tensor.of(sums, sums.length));
    return Tensor.of(out, layer.weight().shape());
  }

  /** Input channels that a thread takes at a time, so that there are one or two turns each. */
  private int grain(int channels, int taps) {
    int turns = Math.max(workers.threads(), channels * taps / ROWS_WORTH);
    turns = Math.min(turns, 2 * workers.threads());
    return (channels + turns - 1) / turns;
  }

  /** See {@code Derivatives.productRight}. */
  Tensor productRight(Tensor dy, Tensor a) {
    int rows = dy.dim(1);
    int columns = dy.dim(2);
    int depth = a.dim(2);
    int maps = dy.dim(0);
    Window g = Window.pointwise(rows, columns, depth);
    float[] left = dy.floats();
    float[] right = a.to(DType.F32).floats();
    float[] out = buffers.floats(Shape.size(maps, columns, depth));
    // Maps are shared out first, and of each its columns where there are few maps.
    int turns = Math.clamp(2L * workers.threads() / maps, 1, (columns + 7) / 8);
    int step = (columns + turns - 1) / turns;
    workers.run(
        maps * turns,
        1,
        (begin, end) -> {
          for (int turn = begin; turn < end; turn++) {
            int n = turn / turns;
            int from = Math.min(columns, turn % turns * step);
            int to = Math.min(columns, from + step);
            Tensor x = Tensor.of(part(LEFT, left, n, rows * columns), rows, columns);
            float[] sums = SUMS.exactly(columns * depth);
            gradients.denseWeights(x, g, part(RIGHT, right, n, rows * depth), sums, from, to);
            int at = from * depth;
            System.arraycopy(sums, at, out, n * columns * depth + at, (to - from) * depth);
          }
        });
    return Tensor.of(out, maps, columns, depth);
  }

  /** Part n of x, which it is itself if there is one only. */
  private static float[] part(ScratchF32 scratch, float[] x, int n, int length) {
    if (x.length == length) {
      return x;
    }
    float[] part = scratch.exactly(length);
    System.arraycopy(x, n * length, part, 0, length);
    return part;
  }
}
