package org.spike2former.tensor.cpu;

import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.Exp;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.Window;

/**
 * Inference on the CPU: checks shapes, folds BatchNorms and spike scales into weights once per
 * layer, and shares each operation's kernel among the threads. Not for use by several callers at
 * once. A layer's parameters must not change after its first use.
 */
public final class CpuOpsF32 implements Ops {
  private static final int ELEMENT_GRAIN = 4096;
  private static final int PIXEL_GRAIN = LayersF32.PIXEL_GRAIN;
  private static final OpShapes SHAPES = new OpShapes(Precision.F32);

  private final StagedKernelsF32 kernels;
  private final Workers workers;
  private final Buffers buffers;
  private final LayersF32 layers;
  private final MovesF32 moves;
  private final PredictionF32 prediction;

  /** Operations by these kernels on these threads. */
  CpuOpsF32(StagedKernelsF32 kernels, Workers workers) {
    this(kernels, workers, new PlannedBuffers());
  }

  /** As {@link #CpuOpsF32(StagedKernelsF32, Workers)}, with results in storage from there. */
  CpuOpsF32(StagedKernelsF32 kernels, Workers workers, Buffers buffers) {
    this.kernels = kernels;
    this.workers = workers;
    this.buffers = buffers;
    this.layers = new LayersF32(kernels, workers, buffers);
    this.moves = new MovesF32(workers, buffers);
    this.prediction = new PredictionF32(kernels, workers, buffers);
  }

  @Override
  public Precision precision() {
    return Precision.F32;
  }

  @Override
  public String describe() {
    int threads = workers.threads();
    String type = precision().type().name().toLowerCase(Locale.ROOT);
    String missing = Backends.hasVectorApi() ? "" : " (no Vector API)";
    return kernels.name()
        + missing
        + ", "
        + type
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public void beginRun(boolean reuse, Object kind) {
    buffers.beginRun(reuse, kind);
  }

  @Override
  public void endRun(boolean complete) {
    buffers.endRun(complete);
  }

  @Override
  public String kernelsUsed() {
    return kernels.now().used();
  }

  @Override
  public Tensor value(Parameter parameter) {
    return parameter.value().to(DType.F32);
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    int[] shape = SHAPES.spikes(x, maxSpikes);
    byte[] out = buffers.bytes(x.size(), x);
    float[] in = x.floats();
    workers.run(
        out.length, ELEMENT_GRAIN, (a, b) -> kernels.now().spikes(in, a, out, a, b - a, maxSpikes));
    return Tensor.spikes(out, scale, shape);
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    int[] shape = SHAPES.fire(x);
    byte[] out = buffers.bytes(x.size(), x);
    float[] in = x.floats();
    float bound = (float) threshold;
    workers.run(
        out.length,
        ELEMENT_GRAIN,
        (a, b) -> {
          for (int i = a; i < b; i++) {
            out[i] = (byte) (in[i] >= bound ? 1 : 0);
          }
        });
    return Tensor.spikes(out, scale, shape);
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

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    int[] shape = SHAPES.batchNorm(x, norm);
    int channels = norm.channels();
    float[] factor = PackedF32.round(channels, norm::factor);
    float[] shift = PackedF32.round(channels, norm::shift);
    float[] in = x.floats();
    float[] out = buffers.floats(in.length, x);
    int grain = Math.max(1, ELEMENT_GRAIN / channels);
    workers.run(
        in.length / channels,
        grain,
        (a, b) -> kernels.now().batchNorm(in, factor, shift, out, a, b));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    int[] shape = SHAPES.add(a, b);
    float[] out = buffers.floats(a.size(), a, b);
    float[] x = a.floats();
    float[] y = b.floats();
    workers.run(
        out.length,
        ELEMENT_GRAIN,
        (from, to) -> kernels.now().add(x, from, y, from, out, to - from));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    int[] shape = SHAPES.subtract(a, b);
    float[] out = buffers.floats(a.size(), a, b);
    for (int i = 0; i < out.length; i++) {
      out[i] = a.floats()[i] - b.floats()[i];
    }
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    int[] shape = SHAPES.multiply(x);
    float[] in = x.to(DType.F32).floats();
    float[] out = buffers.floats(in.length, x);
    float f = (float) factor;
    for (int i = 0; i < out.length; i++) {
      out[i] = in[i] * f;
    }
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    int[] shape = SHAPES.addTable(x, table);
    float[] in = x.floats();
    float[] rows = table.floats();
    float[] out = buffers.floats(in.length, x, table);
    int grain = Math.max(1, ELEMENT_GRAIN / rows.length);
    workers.run(
        in.length / rows.length, grain, (a, b) -> kernels.now().addTable(in, rows, out, a, b));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    int[] shape = SHAPES.addScaled(x, gamma, y);
    float[] in = x.floats();
    float[] factors = gamma.floats();
    float[] branch = y.floats();
    float[] out = buffers.floats(in.length, x, y);
    int grain = Math.max(1, ELEMENT_GRAIN / factors.length);
    workers.run(
        in.length / factors.length,
        grain,
        (a, b) -> kernels.now().addScaled(in, factors, branch, out, a, b));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    int[] shape = SHAPES.attention(q, k, v, heads);
    float factor = (float) (scale * q.scale() * k.scale() * v.scale());
    float[] out = buffers.floats(Shape.size(shape), q, k, v);
    workers.run(
        q.dim(0) * heads, 1, (a, b) -> kernels.now().attention(q, k, v, heads, factor, out, a, b));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    int[] shape = SHAPES.deformSample(v, offset, mask, groups);
    float[] out = buffers.floats(v.size(), v, offset, mask);
    workers.run(
        v.size() / v.dim(3),
        PIXEL_GRAIN,
        (a, b) -> kernels.now().deformSample(v, offset, mask, groups, out, a, b));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    int[] shape = SHAPES.resizeBilinear(x, height, width);
    return resize(x, new ResizeF32(resizeWindow(x, height, width)), shape);
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    int[] shape = SHAPES.resizeNearest(x, height, width);
    return resize(x, ResizeF32.nearest(resizeWindow(x, height, width)), shape);
  }

  private Tensor resize(Tensor x, ResizeF32 resize, int... shape) {
    Window g = resize.window();
    float[] in = x.floats();
    float[] out = buffers.floats(Shape.size(shape), x);
    workers.run(
        g.n() * g.oh(), 1, (a, b) -> kernels.now().resizeBilinear(in, resize, out, 0, a, b));
    return Tensor.of(out, shape);
  }

  private static Window resizeWindow(Tensor x, int height, int width) {
    int c = x.dim(3);
    return new Window(x.dim(0), x.dim(1), x.dim(2), c, c, 1, 1, 1, 0, height, width);
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    int[] shape = SHAPES.padWithShift(x, norm);
    return moves.pad(x, shape, PackedF32.round(x.dim(3), norm::shift));
  }

  @Override
  public Tensor transpose(Tensor x) {
    return moves.transpose(x, SHAPES.transpose(x));
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    int[] shape = SHAPES.sigmoid(x);
    float[] in = x.floats();
    float[] out = buffers.floats(in.length, x);
    workers.run(out.length, ELEMENT_GRAIN, (a, b) -> kernels.now().sigmoid(in, out, a, b));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor softmax(Tensor x) {
    int[] shape = SHAPES.softmax(x);
    int width = x.dim(-1);
    float[] in = x.floats();
    float[] out = buffers.floats(in.length, x);
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
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    return moves.concat(parts, SHAPES.concat(parts));
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    return moves.slice(x, from, SHAPES.slice(x, from, to));
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    return moves.repeat(x, SHAPES.repeat(x, n));
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    int[] shape = SHAPES.meanTime(x, groups, timeSteps);
    return moves.meanTime(x, groups, timeSteps, shape);
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    int[] shape = SHAPES.product(a, b);
    int rows = a.dim(1);
    int depth = a.dim(2);
    int columns = b.dim(1);
    float[] out = buffers.floats(Shape.size(shape), a, b);
    Window g = Window.pointwise(a.dim(0) * rows, depth, columns);
    for (int n = 0; n < a.dim(0); n++) {
      int first = n * rows;
      PackedF32 packed = kernels.now().pack(FoldedLayer.ofRows(b, n * columns, columns, depth));
      workers.run(
          rows,
          PIXEL_GRAIN,
          (from, to) -> kernels.now().dense(a, g, packed, out, 0, first + from, first + to));
    }
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    SHAPES.semanticLogits(cls, masks, height, width);
    return prediction.logits(shares(cls), masks, resizeWindow(masks, height, width));
  }

  @Override
  public Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    SHAPES.semanticLabels(cls, masks, height, width);
    return prediction.labels(shares(cls), masks, resizeWindow(masks, height, width));
  }

  private Tensor shares(Tensor cls) {
    return transpose(softmax(cls));
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    SHAPES.labels(logits, height, width);
    return prediction.labels(logits, resizeWindow(logits, height, width));
  }
}
