package org.spike2former.tensor.cpu;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.LayersF32.Work;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Int8Layer;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Inference in float32 with {@linkplain Int8Layer 8-bit weights} in the layers on spikes; all else,
 * layers on real numbers included, is as without.
 *
 * <p>Sums are integers within what float32 holds exactly, so the kernels for float32 weights give
 * them, in any order; those that know of integers add in 16 bits where that is as exact.
 */
final class Int8Ops extends ForwardingOps {
  private static final OpShapes SHAPES = new OpShapes(Precision.F32);

  private final Ops floats;
  private final StagedKernelsF32 kernels;
  private final Buffers buffers;
  private final LayersF32 sums;
  private final Map<WeightLayer, Quantised> layers = new IdentityHashMap<>();

  /** A layer for incoming spikes of a scale, with its thresholds by D. */
  private static final class Quantised {
    private final double inScale;
    private final Map<Integer, float[]> thresholds = new HashMap<>();
    private Int8Layer layer;

    Quantised(double inScale, Int8Layer layer) {
      this.inScale = inScale;
      this.layer = layer;
    }

    /** What is to be packed. It is made anew the second time, so that nothing stays twice. */
    FoldedLayer sums(WeightLayer of) {
      Int8Layer whole = layer.weights() == null ? Int8Layer.of(of, inScale) : layer;
      layer = whole.withoutWeights();
      return whole.sums();
    }

    float[] thresholds(int maxSpikes) {
      return thresholds.computeIfAbsent(
          maxSpikes,
          d -> {
            int[] integers = layer.thresholds(d);
            return PackedF32.round(integers.length, i -> integers[i]);
          });
    }
  }

  /** Operations by these kernels on these threads. */
  Int8Ops(StagedKernelsF32 kernels, Workers workers) {
    this(kernels, workers, new PlannedBuffers());
  }

  private Int8Ops(StagedKernelsF32 kernels, Workers workers, Buffers buffers) {
    this(new CpuOpsF32(kernels, workers, buffers), kernels, workers, buffers);
  }

  private Int8Ops(Ops floats, StagedKernelsF32 kernels, Workers workers, Buffers buffers) {
    super(floats);
    this.floats = floats;
    this.kernels = kernels;
    this.buffers = buffers;
    this.sums =
        new LayersF32(
            kernels, workers, buffers, (layer, inScale) -> quantised(layer, inScale).sums(layer));
  }

  @Override
  public String describe() {
    return floats.describe() + ", int8 weights";
  }

  @Override
  public void beginRun(boolean reuse, Object kind) {
    floats.beginRun(reuse, kind);
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    if (x.dtype() != DType.SPIKES) {
      return floats.layer(x, layer);
    }
    int[] shape = SHAPES.layer(x, layer);
    Int8Layer int8 = quantised(x, layer).layer;
    Work work = sums.work(x, layer);
    float[] out = buffers.floats(Shape.size(shape), x);
    sums.forBlocks(work, (from, to) -> potentials(int8, work, out, from, to));
    return Tensor.of(out, shape);
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    if (x.dtype() != DType.SPIKES) {
      return floats.addLayer(residual, x, layer, block);
    }
    SHAPES.addLayer(residual, x, layer);
    Int8Layer int8 = quantised(x, layer).layer;
    Work work = sums.work(x, layer);
    Tensor sum = buffers.over(residual, x);
    float[] kept = residual.floats();
    float[] out = sum.floats();
    int item = work.item();
    int rows = item / int8.cout();
    sums.forBlocks(
        work,
        (from, to) -> {
          float[] branch = sums.potentials(work, from, to);
          kernels.now().batchNorm(branch, int8.scale(), int8.bias(), branch, 0, (to - from) * rows);
          kernels.now().add(kept, from * item, branch, 0, out, (to - from) * item);
        });
    return sum;
  }

  private void potentials(Int8Layer layer, Work work, float[] out, int from, int to) {
    sums.run(work, out, 0, from, to);
    int rows = work.item() / layer.cout();
    kernels.now().batchNorm(out, layer.scale(), layer.bias(), out, from * rows, to * rows);
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    if (x.dtype() != DType.SPIKES) {
      return floats.layerSpikes(x, layer, neuron, maxSpikes, scale);
    }
    int[] shape = SHAPES.layerSpikes(x, layer, maxSpikes);
    float[] bounds = quantised(x, layer).thresholds(maxSpikes);
    Work work = sums.work(x, layer);
    byte[] out = buffers.bytes(Shape.size(shape), x);
    int item = work.item();
    int channels = layer.outChannels();
    sums.forBlocks(
        work,
        (from, to) -> {
          float[] sum = sums.potentials(work, from, to);
          int rows = (to - from) * item / channels;
          kernels.now().thresholds(sum, bounds, channels, out, from * item, rows);
        });
    return Tensor.spikes(out, scale, shape);
  }

  @Override
  public Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    return floats.semanticLabels(cls, masks, height, width);
  }

  /** The layer quantised for spikes of x's scale, which its sums can hold. */
  private Quantised quantised(Tensor x, WeightLayer layer) {
    Quantised quantised = quantised(layer, x.scale());
    int max = quantised.layer.maxSpike();
    if (max < Byte.MAX_VALUE) {
      for (byte k : x.bytes()) {
        if (k > max) {
          throw new IllegalArgumentException(
              layer.name()
                  + ": sums with 8-bit weights hold spikes of at most "
                  + max
                  + ", found "
                  + k);
        }
      }
    }
    return quantised;
  }

  private Quantised quantised(WeightLayer layer, double inScale) {
    Quantised known = layers.get(layer);
    if (known == null || known.inScale != inScale) {
      known = new Quantised(inScale, Int8Layer.of(layer, inScale));
      layers.put(layer, known);
    }
    return known;
  }
}
