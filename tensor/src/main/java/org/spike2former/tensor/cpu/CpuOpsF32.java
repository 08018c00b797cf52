package org.spike2former.tensor.cpu;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * once.
 */
@SuppressWarnings("cast") // the float64 twin casts double to double
public final class CpuOpsF32 implements Ops {
  private static final int ELEMENT_GRAIN = 4096;
  private static final int PIXEL_GRAIN = 24;

  private final KernelsF32 kernels;
  private final Workers workers;
  private final Map<WeightLayer, Packed> packedLayers = new IdentityHashMap<>();

  private record Packed(double inScale, PackedF32 weights) {}

  /** Operations by these kernels on these threads. */
  public CpuOpsF32(KernelsF32 kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
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
    workers.run(out.length, ELEMENT_GRAIN, (a, b) -> kernels.spikes(in, out, maxSpikes, a, b));
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
    int channels = x.dim(-1);
    if (channels != layer.inChannels()) {
      throw new ShapeException(
          layer.name()
              + ": expected "
              + layer.inChannels()
              + " input channels, found shape "
              + Shape.toString(x.shape()));
    }
    PackedF32 packed = packed(layer, x.scale());
    int cout = layer.outChannels();
    if (layer.isPointwise()) {
      int[] shape = x.shape();
      shape[shape.length - 1] = cout;
      Window window = Window.pointwise(x.size() / channels, channels, cout);
      return Tensor.of(dense(x, window, packed), shape);
    }
    requireRank(layer.name(), x, 4);
    Window g = window(x, layer);
    if (layer.kind() == WeightLayer.Kind.DENSE) {
      return Tensor.of(dense(x, g, packed), g.n(), g.oh(), g.ow(), cout);
    }
    float[] out = new float[Shape.size(g.n(), g.oh(), g.ow(), cout)];
    workers.run(g.n() * g.oh(), 1, (a, b) -> kernels.depthwise(x, g, packed, out, a, b));
    return Tensor.of(out, g.n(), g.oh(), g.ow(), cout);
  }

  private static Window window(Tensor x, WeightLayer layer) {
    int kh = layer.kernelHeight();
    int kw = layer.kernelWidth();
    int oh = layer.outExtent(x.dim(1), kh);
    int ow = layer.outExtent(x.dim(2), kw);
    if (oh < 1 || ow < 1) {
      throw new ShapeException(
          layer.name() + ": input " + Shape.toString(x.shape()) + " is smaller than its window");
    }
    return new Window(
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        layer.outChannels(),
        kh,
        kw,
        layer.stride(),
        layer.padding(),
        oh,
        ow);
  }

  private PackedF32 packed(WeightLayer layer, double inScale) {
    Packed known = packedLayers.get(layer);
    if (known == null || known.inScale() != inScale) {
      known = new Packed(inScale, kernels.pack(FoldedLayer.of(layer, inScale)));
      packedLayers.put(layer, known);
    }
    return known.weights();
  }

  private float[] dense(Tensor x, Window g, PackedF32 packed) {
    float[] out = new float[Shape.size(g.outPixels(), g.cout())];
    workers.run(g.outPixels(), PIXEL_GRAIN, (a, b) -> kernels.dense(x, g, packed, out, 0, a, b));
    return out;
  }

  private static void requireRank(String what, Tensor x, int rank) {
    if (x.rank() != rank) {
      throw new ShapeException(
          what + ": expected " + rank + " axes, found shape " + Shape.toString(x.shape()));
    }
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
    Window g = resizeWindow(x, height, width);
    float[] in = x.floats();
    int c = g.cin();
    float[] out = new float[Shape.size(g.outPixels(), c)];
    for (int p = 0; p < g.outPixels(); p++) {
      int n = p / (height * width);
      int row = (int) ((long) (p / width % height) * g.h() / height);
      int column = (int) ((long) (p % width) * g.w() / width);
      System.arraycopy(in, ((n * g.h() + row) * g.w() + column) * c, out, p * c, c);
    }
    return Tensor.of(out, g.n(), height, width, c);
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    requireRank("padWithShift", x, 4);
    int c = x.dim(3);
    int h = x.dim(1);
    int w = x.dim(2);
    float[] ring = new float[c];
    for (int i = 0; i < c; i++) {
      ring[i] = (float) norm.shift(i);
    }
    float[] in = x.floats();
    float[] out = new float[Shape.size(x.dim(0), h + 2, w + 2, c)];
    for (int r = 0; r < x.dim(0) * (h + 2); r++) {
      int row = r % (h + 2) - 1;
      boolean inside = row >= 0 && row < h;
      for (int column = 0; column < w + 2; column++) {
        if (!inside || column == 0 || column == w + 1) {
          System.arraycopy(ring, 0, out, (r * (w + 2) + column) * c, c);
        }
      }
      if (inside) {
        int from = (r / (h + 2) * h + row) * w * c;
        System.arraycopy(in, from, out, (r * (w + 2) + 1) * c, w * c);
      }
    }
    return Tensor.of(out, x.dim(0), h + 2, w + 2, c);
  }

  @Override
  public Tensor transpose(Tensor x) {
    requireRank("transpose", x, 3);
    int rows = x.dim(1);
    int columns = x.dim(2);
    int[] shape = {x.dim(0), columns, rows};
    if (x.dtype() == DType.SPIKES) {
      byte[] in = x.bytes();
      byte[] out = new byte[in.length];
      workers.run(
          x.dim(0) * columns,
          16,
          (a, b) -> {
            for (int i = a; i < b; i++) {
              int base = i / columns * rows * columns + i % columns;
              for (int r = 0; r < rows; r++) {
                out[i * rows + r] = in[base + r * columns];
              }
            }
          });
      return Tensor.spikes(out, x.scale(), shape);
    }
    float[] in = x.floats();
    float[] out = new float[in.length];
    workers.run(
        x.dim(0) * columns,
        16,
        (a, b) -> {
          for (int i = a; i < b; i++) {
            int base = i / columns * rows * columns + i % columns;
            for (int r = 0; r < rows; r++) {
              out[i * rows + r] = in[base + r * columns];
            }
          }
        });
    return Tensor.of(out, shape);
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
    int[] shape = parts.get(0).shape();
    shape[0] = parts.stream().mapToInt(part -> part.dim(0)).sum();
    float[] out = new float[Shape.size(shape)];
    int at = 0;
    for (Tensor part : parts) {
      System.arraycopy(part.floats(), 0, out, at, part.size());
      at += part.size();
    }
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    int[] shape = x.shape();
    int row = x.size() / shape[0];
    shape[0] = to - from;
    float[] out = new float[Shape.size(shape)];
    System.arraycopy(x.floats(), from * row, out, 0, out.length);
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    int[] shape = new int[x.rank() + 1];
    shape[0] = n;
    System.arraycopy(x.shape(), 0, shape, 1, x.rank());
    float[] out = new float[Shape.size(shape)];
    for (int i = 0; i < n; i++) {
      System.arraycopy(x.floats(), 0, out, i * x.size(), x.size());
    }
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    int[] shape = x.shape();
    shape[0] /= timeSteps;
    float[] in = x.floats();
    float[] out = new float[in.length / timeSteps];
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
}
