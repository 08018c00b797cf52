package org.spike2former.tensor.cpu;

import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.BatchNorm;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.WeightLayer;

/**
 * Inference on the CPU: checks shapes, folds BatchNorms and spike scales into weights once per
 * layer, and shares each operation's kernel among the threads. Not for use by several callers at
 * once. A layer's parameters must not change after its first use.
 */
@SuppressWarnings("cast") // the float64 twin casts double to double
final class CpuOpsF32 implements Ops {
  private static final int ELEMENT_GRAIN = 4096;
  private static final int PIXEL_GRAIN = LayersF32.PIXEL_GRAIN;

  private final KernelsF32 kernels;
  private final Workers workers;
  private final LayersF32 layers;

  /** Operations by these kernels on these threads. */
  public CpuOpsF32(KernelsF32 kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
    this.layers = new LayersF32(kernels, workers);
  }

  @Override
  public DType realType() {
    return DType.F32;
  }

  @Override
  public String describe() {
    int threads = workers.threads();
    String type = realType().name().toLowerCase(Locale.ROOT);
    return kernels.name() + ", " + type + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public Tensor value(Parameter parameter) {
    return parameter.value().to(DType.F32);
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    byte[] out = new byte[x.size()];
    float[] in = x.floats();
    workers.run(
        out.length, ELEMENT_GRAIN, (a, b) -> kernels.spikes(in, a, out, a, b - a, maxSpikes));
    return Tensor.spikes(out, scale, x.shape());
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    byte[] out = new byte[x.size()];
    float[] in = x.floats();
    float bound = (float) threshold;
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (in[i] >= bound ? 1 : 0);
    }
    return Tensor.spikes(out, scale, x.shape());
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    return layers.apply(x, layer);
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    return layers.applySpikes(x, layer, maxSpikes, scale);
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    return layers.applyAdd(residual, x, layer);
  }

  static void requireRank(String what, Tensor x, int rank) {
    if (x.rank() != rank) {
      throw new ShapeException(
          what + ": expected " + rank + " axes, found shape " + Shape.toString(x.shape()));
    }
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    int channels = norm.channels();
    if (x.dim(-1) != channels) {
      throw new ShapeException(
          norm.weight().name() + ": " + channels + " channels, found " + Shape.toString(x.shape()));
    }
    float[] factor = PackedF32.round(channels, norm::factor);
    float[] shift = PackedF32.round(channels, norm::shift);
    float[] in = x.floats();
    float[] out = new float[in.length];
    int grain = Math.max(1, ELEMENT_GRAIN / channels);
    workers.run(
        in.length / channels, grain, (a, b) -> kernels.batchNorm(in, factor, shift, out, a, b));
    return Tensor.of(out, x.shape());
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    Shape.require("add", a.shape(), b.shape());
    float[] out = new float[a.size()];
    float[] x = a.floats();
    float[] y = b.floats();
    workers.run(out.length, ELEMENT_GRAIN, (from, to) -> kernels.add(x, y, out, from, to));
    return Tensor.of(out, a.shape());
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    Shape.require("subtract", a.shape(), b.shape());
    float[] out = new float[a.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = a.floats()[i] - b.floats()[i];
    }
    return Tensor.of(out, a.shape());
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    float[] in = x.to(DType.F32).floats();
    float[] out = new float[in.length];
    float f = (float) factor;
    for (int i = 0; i < out.length; i++) {
      out[i] = in[i] * f;
    }
    return Tensor.of(out, x.shape());
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    requireLastAxes("addTable", x, table);
    float[] in = x.floats();
    float[] rows = table.floats();
    float[] out = new float[in.length];
    int grain = Math.max(1, ELEMENT_GRAIN / rows.length);
    workers.run(in.length / rows.length, grain, (a, b) -> kernels.addTable(in, rows, out, a, b));
    return Tensor.of(out, x.shape());
  }

  private static void requireLastAxes(String what, Tensor x, Tensor table) {
    boolean fits = table.rank() <= x.rank();
    for (int i = 1; fits && i <= table.rank(); i++) {
      fits = table.dim(-i) == x.dim(-i);
    }
    if (!fits) {
      throw new ShapeException(
          what
              + ": "
              + Shape.toString(table.shape())
              + " is not the end of "
              + Shape.toString(x.shape()));
    }
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    Shape.require("addScaled", x.shape(), y.shape());
    if (gamma.size() != 1) {
      requireLastAxes("addScaled", x, gamma);
    }
    float[] in = x.floats();
    float[] factors = gamma.floats();
    float[] branch = y.floats();
    float[] out = new float[in.length];
    int grain = Math.max(1, ELEMENT_GRAIN / factors.length);
    workers.run(
        in.length / factors.length,
        grain,
        (a, b) -> kernels.addScaled(in, factors, branch, out, a, b));
    return Tensor.of(out, x.shape());
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    for (Tensor x : List.of(q, k, v)) {
      requireRank("attention", x, 3);
      if (x.dim(0) != q.dim(0) || x.dim(2) % heads != 0) {
        throw new ShapeException(
            "attention with "
                + heads
                + " heads: "
                + Shape.toString(x.shape())
                + " does not go with q "
                + Shape.toString(q.shape()));
      }
    }
    if (k.dim(2) != q.dim(2) || v.dim(1) != k.dim(1)) {
      throw new ShapeException(
          "attention: k "
              + Shape.toString(k.shape())
              + " does not go with q "
              + Shape.toString(q.shape())
              + " and v "
              + Shape.toString(v.shape()));
    }
    float factor = (float) (scale * q.scale() * k.scale() * v.scale());
    float[] out = new float[Shape.size(q.dim(0), q.dim(1), v.dim(2))];
    workers.run(
        q.dim(0) * heads, 1, (a, b) -> kernels.attention(q, k, v, heads, factor, out, a, b));
    return Tensor.of(out, q.dim(0), q.dim(1), v.dim(2));
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    requireRank("deformSample", v, 4);
    if (v.dim(3) % groups != 0) {
      throw new ShapeException(
          "deformSample: " + v.dim(3) + " channels do not divide into " + groups + " groups");
    }
    int[] shape = v.shape();
    shape[3] = groups * 18;
    Shape.require("deformSample offset", shape, offset.shape());
    shape[3] = groups * 9;
    Shape.require("deformSample mask", shape, mask.shape());
    float[] out = new float[v.size()];
    workers.run(
        v.size() / v.dim(3),
        PIXEL_GRAIN,
        (a, b) -> kernels.deformSample(v, offset, mask, groups, out, a, b));
    return Tensor.of(out, v.shape());
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    Window g = resizeWindow(x, height, width);
    float[] in = x.floats();
    float[] out = new float[Shape.size(g.outPixels(), g.cout())];
    workers.run(g.n() * g.oh(), 1, (a, b) -> kernels.resizeBilinear(in, g, out, 0, a, b));
    return Tensor.of(out, g.n(), height, width, g.cout());
  }

  private static Window resizeWindow(Tensor x, int height, int width) {
    requireRank("resize", x, 4);
    int c = x.dim(3);
    return new Window(x.dim(0), x.dim(1), x.dim(2), c, c, 1, 1, 1, 0, height, width);
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    return MovesF32.resizeNearest(x, resizeWindow(x, height, width));
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    requireRank("padWithShift", x, 4);
    return MovesF32.pad(x, PackedF32.round(x.dim(3), norm::shift), workers);
  }

  @Override
  public Tensor transpose(Tensor x) {
    requireRank("transpose", x, 3);
    return MovesF32.transpose(x, workers);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    float[] in = x.floats();
    float[] out = new float[in.length];
    workers.run(out.length, ELEMENT_GRAIN, (a, b) -> kernels.sigmoid(in, out, a, b));
    return Tensor.of(out, x.shape());
  }

  @Override
  public Tensor softmax(Tensor x) {
    int width = x.dim(-1);
    float[] in = x.floats();
    float[] out = new float[in.length];
    for (int base = 0; base < in.length; base += width) {
      float max = in[base];
      for (int i = 1; i < width; i++) {
        max = Math.max(max, in[base + i]);
      }
      float sum = 0;
      for (int i = 0; i < width; i++) {
        out[base + i] = Exp.exp(in[base + i] - max);
        sum += out[base + i];
      }
      for (int i = 0; i < width; i++) {
        out[base + i] /= sum;
      }
    }
    return Tensor.of(out, x.shape());
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    return MovesF32.concat(parts);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    return MovesF32.slice(x, from, to);
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    return MovesF32.repeat(x, n);
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    return MovesF32.meanTime(x, groups, timeSteps);
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    requireRank("product", a, 3);
    requireRank("product", b, 3);
    if (a.dim(0) != b.dim(0) || a.dim(2) != b.dim(2)) {
      throw new ShapeException(
          "product: " + Shape.toString(a.shape()) + " and " + Shape.toString(b.shape()));
    }
    int rows = a.dim(1);
    int depth = a.dim(2);
    int columns = b.dim(1);
    float[] out = new float[Shape.size(a.dim(0), rows, columns)];
    Window g = Window.pointwise(a.dim(0) * rows, depth, columns);
    for (int n = 0; n < a.dim(0); n++) {
      int first = n * rows;
      PackedF32 packed = kernels.pack(FoldedLayer.ofRows(b, n * columns, columns, depth));
      workers.run(
          rows,
          PIXEL_GRAIN,
          (from, to) -> kernels.dense(a, g, packed, out, 0, first + from, first + to));
    }
    return Tensor.of(out, a.dim(0), rows, columns);
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    int classes = cls.dim(2) - 1;
    int queries = cls.dim(1);
    Window resize = resizeWindow(masks, height, width);
    float[] in = masks.floats();
    float[] out = new float[Shape.size(resize.outPixels(), classes)];
    Tensor shares = transpose(softmax(cls));
    Window row = Window.pointwise(width, queries, classes);
    for (int n = 0; n < masks.dim(0); n++) {
      PackedF32 packed =
          kernels.pack(FoldedLayer.ofRows(shares, n * (classes + 1), classes, queries));
      int first = n * height;
      workers.run(
          height,
          1,
          (from, to) -> {
            float[] line = new float[width * queries];
            Tensor pixels = Tensor.of(line, width, queries);
            for (int r = first + from; r < first + to; r++) {
              kernels.resizeBilinear(in, resize, line, -r * line.length, r, r + 1);
              kernels.sigmoid(line, line, 0, line.length);
              kernels.dense(pixels, row, packed, out, r * width * classes, 0, width);
            }
          });
    }
    return Tensor.of(out, masks.dim(0), height, width, classes);
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    Window resize = resizeWindow(logits, height, width);
    boolean same = resize.h() == height && resize.w() == width;
    int classes = resize.cin();
    float[] in = logits.floats();
    byte[] out = new byte[resize.outPixels()];
    workers.run(
        resize.n() * height,
        1,
        (from, to) -> {
          float[] line = new float[width * classes];
          for (int r = from; r < to; r++) {
            if (same) {
              System.arraycopy(in, r * line.length, line, 0, line.length);
            } else {
              kernels.resizeBilinear(in, resize, line, -r * line.length, r, r + 1);
            }
            for (int i = 0; i < width; i++) {
              out[r * width + i] = (byte) argmax(line, i * classes, classes);
            }
          }
        });
    return Tensor.spikes(out, 1, resize.n(), height, width);
  }

  private static int argmax(float[] x, int from, int length) {
    int best = 0;
    for (int i = 1; i < length; i++) {
      if (x[from + i] > x[from + best]) {
        best = i;
      }
    }
    return best;
  }
}
