package org.spike2former.tensor.cpu;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.KernelsF32;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.Window;

/**
 * Weight layers on the CPU: folds and packs each once, and works in blocks that stay in the cache
 * for the neuron or the residual that follows.
 */
final class LayersF32 {
  /**
   * Pixels that are worth handing to a thread; a multiple of the 6 or 4 rows of a product's tile.
   */
  static final int PIXEL_GRAIN = 24;

  /** Elements of a block that one operation leaves in the cache for the next. */
  private static final int BLOCK = 1 << 16;

  private static final OpShapes SHAPES = new OpShapes(Precision.F32);
  private static final ScratchF32 POTENTIAL = new ScratchF32();

  private final StagedKernelsF32 kernels;
  private final Workers workers;
  private final Buffers buffers;
  private final BiFunction<WeightLayer, Double, FoldedLayer> folding;
  private final Map<WeightLayer, Packed> packedLayers = new IdentityHashMap<>();

  private record Packed(double inScale, KernelsF32 kernels, PackedF32 weights) {}

  LayersF32(StagedKernelsF32 kernels, Workers workers, Buffers buffers) {
    this(kernels, workers, buffers, FoldedLayer::of);
  }

  /**
   * Layers on other weights than their own.
   *
   * @param folding what a layer on spikes of a scale computes with
   */
  LayersF32(
      StagedKernelsF32 kernels,
      Workers workers,
      Buffers buffers,
      BiFunction<WeightLayer, Double, FoldedLayer> folding) {
    this.kernels = kernels;
    this.workers = workers;
    this.buffers = buffers;
    this.folding = folding;
  }

  /**
   * A weight layer on one input, as independent items that threads share: output pixels of a
   * pointwise layer, output rows of another.
   *
   * @param item elements of an item
   */
  record Work(
      Tensor x, Window window, PackedF32 packed, int items, int item, int grain, int[] shape) {
    /** Items that are best done together before the next operation looks at them. */
    int blockItems() {
      int fitting = BLOCK / item;
      if (window.isPointwise()) {
        return Math.clamp(fitting, PIXEL_GRAIN, 384);
      }
      // A depthwise kernel begins each block by loading the rows above it again: 8 at least.
      return Math.max(packed.depthwise() ? 8 : 1, fitting);
    }
  }

  /** What there is to do for a layer on x. */
  Work work(Tensor x, WeightLayer layer) {
    int[] shape = SHAPES.layer(x, layer);
    int pixels = x.size() / layer.inChannels() / (layer.stride() * layer.stride());
    kernels.begin((long) pixels * Shape.size(layer.weight().shape()));
    return work(x, layer, packed(layer, x.scale()), shape);
  }

  private static Work work(Tensor x, WeightLayer layer, PackedF32 packed, int... shape) {
    Window g = Window.of(x, layer, shape);
    return layer.isPointwise()
        ? new Work(x, g, packed, g.outPixels(), g.cout(), PIXEL_GRAIN, shape)
        : new Work(x, g, packed, g.n() * g.oh(), g.ow() * g.cout(), 1, shape);
  }

  /** Does the items from…to; item i goes to {@code out[outBase + i·item]}. */
  void run(Work work, float[] out, int outBase, int from, int to) {
    if (work.packed().depthwise()) {
      kernels.now().depthwise(work.x(), work.window(), work.packed(), out, outBase, from, to);
    } else {
      int pixels = work.window().isPointwise() ? 1 : work.window().ow();
      kernels
          .now()
          .dense(work.x(), work.window(), work.packed(), out, outBase, from * pixels, to * pixels);
    }
  }

  /** Does the items from…to into memory of this thread's own, from its start. */
  float[] potentials(Work work, int from, int to) {
    float[] out = POTENTIAL.atLeast((to - from) * work.item());
    run(work, out, -from * work.item(), from, to);
    return out;
  }

  /** Shares the work among the threads, in blocks that stay in the cache. */
  void forBlocks(Work work, Workers.RangeBody body) {
    int step = work.blockItems();
    workers.run(
        work.items(),
        work.grain(),
        (from, to) -> {
          for (int i = from; i < to; i += step) {
            body.run(i, Math.min(i + step, to));
          }
        });
  }

  /** See {@code Ops.layer}. */
  Tensor apply(Tensor x, WeightLayer layer) {
    return apply(x, work(x, layer));
  }

  /** The layer without its norms, with the weights that it has now. */
  Tensor applyBare(Tensor x, WeightLayer layer) {
    int[] shape = SHAPES.layer(x, layer);
    PackedF32 packed = kernels.now().pack(FoldedLayer.ofBare(layer, x.scale()));
    return apply(x, work(x, layer, packed, shape));
  }

  private Tensor apply(Tensor x, Work work) {
    float[] out = buffers.floats(Shape.size(work.shape()), x);
    workers.run(work.items(), work.grain(), (from, to) -> run(work, out, 0, from, to));
    return Tensor.of(out, work.shape());
  }

  /** See {@code Ops.layerSpikes}. */
  Tensor applySpikes(Tensor x, WeightLayer layer, int maxSpikes, double scale) {
    SHAPES.layerSpikes(x, layer, maxSpikes);
    Work work = work(x, layer);
    byte[] out = buffers.bytes(Shape.size(work.shape()), x);
    int item = work.item();
    forBlocks(
        work,
        (from, to) -> {
          float[] potential = potentials(work, from, to);
          kernels.now().spikes(potential, 0, out, from * item, (to - from) * item, maxSpikes);
        });
    return Tensor.spikes(out, scale, work.shape());
  }

  /** See {@code Ops.addLayer}. */
  Tensor applyAdd(Tensor residual, Tensor x, WeightLayer layer) {
    SHAPES.addLayer(residual, x, layer);
    Work work = work(x, layer);
    Tensor sum = buffers.over(residual, x);
    float[] kept = residual.floats();
    float[] out = sum.floats();
    int item = work.item();
    forBlocks(
        work,
        (from, to) -> {
          float[] branch = potentials(work, from, to);
          kernels.now().add(kept, from * item, branch, 0, out, (to - from) * item);
        });
    return sum;
  }

  private PackedF32 packed(WeightLayer layer, double inScale) {
    Packed known = packedLayers.get(layer);
    KernelsF32 now = kernels.now();
    if (known == null || known.inScale() != inScale || known.kernels() != now) {
      known = new Packed(inScale, now, now.pack(folding.apply(layer, inScale)));
      packedLayers.put(layer, known);
      if (kernels.areLast()) {
        layer.weight().release();
      }
    }
    return known.weights();
  }
}
