package org.spike2former.snn.spikedriven;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Inference in deployment form. Whatever is linear between a neuron and the next neuron, or real
 * potential, becomes one layer on spikes: BatchNorms and spike scales, RepConv, SDTv2's pair of
 * depthwise and pointwise convolution, layer scale behind a weight layer. In float64 the merged
 * weights are {@linkplain FixedPoint fixed-point} numbers, so that results do not depend on how,
 * and in which order, spikes are applied to them.
 *
 * <p>Operations on real potentials pass on to the CPU. Not for use by several callers at once; a
 * layer's parameters must not change after its first use.
 */
public abstract class DeploymentOps extends ForwardingOps {
  private final int maxSpikes;
  private final OpShapes shapes;
  private final OperationCounts counts;
  private final Map<LinearChain, Synapses> prepared = new HashMap<>();
  private final Map<Parameter, Tensor> values = new IdentityHashMap<>();

  /**
   * Deployment form over operations on the CPU.
   *
   * @param maxSpikes the greatest D of the network's neurons
   */
  DeploymentOps(Ops cpu, int maxSpikes) {
    this(new OperationCounts(), cpu, maxSpikes);
  }

  private DeploymentOps(OperationCounts counts, Ops cpu, int maxSpikes) {
    super(new OperationCounter(cpu, counts));
    this.counts = counts;
    this.maxSpikes = maxSpikes;
    this.shapes = new OpShapes(cpu.precision());
  }

  /** What the run since {@link #beginRun} took. */
  public final OperationCounts counts() {
    return counts;
  }

  /** Prepares a merged layer. */
  abstract Synapses prepare(MergedLayer layer);

  /** {@code Ops.product} with b of scale 1. */
  abstract Tensor spikeProduct(Tensor a, Tensor b);

  /** {@code Ops.layer} on the CPU. */
  final Tensor cpuLayer(Tensor x, WeightLayer layer) {
    return super.layer(x, layer);
  }

  /** {@code Ops.product} on the CPU. */
  final Tensor cpuProduct(Tensor a, Tensor b) {
    return super.product(a, b);
  }

  /** Virtual steps: the greatest spike there is. */
  final int maxSpikes() {
    return maxSpikes;
  }

  /** Shapes of results, and what inputs must fulfil. */
  final OpShapes shapes() {
    return shapes;
  }

  final Tensor compute(Tensor spikes, LinearChain chain) {
    return prepared.computeIfAbsent(chain, c -> prepare(deployed(c.merged()))).apply(spikes);
  }

  private MergedLayer deployed(MergedLayer layer) {
    return precision() == Precision.F64 ? layer.fixedPoint(maxSpikes) : layer;
  }

  /** Unknown: layers do not run on the CPU's operations as they are. */
  @Override
  public String kernelsUsed() {
    return "";
  }

  @Override
  public Tensor value(Parameter parameter) {
    return values.computeIfAbsent(parameter, super::value);
  }

  @Override
  public Tensor spikes(Tensor x, int most, double scale) {
    shapes.spikes(x, most);
    if (most > maxSpikes) {
      throw new IllegalArgumentException(
          "a neuron of up to " + most + " spikes, expected at most " + maxSpikes);
    }
    return super.spikes(x, most, scale);
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    int[] shape = shapes.layer(x, layer);
    if (x.dtype() == DType.SPIKES) {
      return new PendingLayer(this, x, new LinearChain(x.scale(), layer), shape);
    }
    if (x instanceof PendingLayer pending
        && layer.padding() == 0
        && (layer.isPointwise() || pending.isMap())) {
      return pending.then(new LinearChain.Weights(layer), shape);
    }
    return super.layer(Pending.settled(x), layer);
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    int[] shape = shapes.batchNorm(x, norm);
    return x instanceof PendingLayer pending
        ? pending.then(new LinearChain.Norm(norm), shape)
        : super.batchNorm(x, norm);
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    int[] shape = shapes.padWithShift(x, norm);
    if (x instanceof PendingLayer pending
        && pending.isMap()
        && pending.chain().givesShiftForZero(norm)) {
      return pending.then(new LinearChain.Padding(), shape);
    }
    return super.padWithShift(x, norm);
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    int[] shape = shapes.multiply(x);
    return x instanceof PendingLayer pending
        ? pending.then(new LinearChain.Factor(factor), shape)
        : super.multiply(x, factor);
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    int[] shape = shapes.addScaled(x, gamma, y);
    return y instanceof PendingLayer pending
        ? add(x, pending.then(new LinearChain.Scale(gamma), shape))
        : super.addScaled(x, gamma, y);
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    shapes.deformSample(v, offset, mask, groups);
    return super.deformSample(Pending.settled(v), Pending.settled(offset), mask, groups);
  }

  /** Spikes select what is added up of a, which is put on a grid first, as weights are. */
  @Override
  public Tensor product(Tensor a, Tensor b) {
    shapes.product(a, b);
    if (b.dtype() != DType.SPIKES) {
      return super.product(Pending.settled(a), Pending.settled(b));
    }
    Tensor scaled = Pending.settled(b.scale() == 1 ? a : multiply(a, b.scale()));
    return spikeProduct(onGrid(scaled), b.rescaled(1));
  }

  private Tensor onGrid(Tensor a) {
    if (precision() != Precision.F64) {
      return a;
    }
    double[] rounded = a.doubles().clone();
    counts.add(OperationKind.MASKS, 3L * rounded.length, 0);
    int width = a.dim(-1);
    for (int at = 0; at < rounded.length; at += width) {
      FixedPoint numbers = new FixedPoint();
      for (int i = at; i < at + width; i++) {
        numbers.include(rounded[i]);
      }
      double anchor = numbers.anchor(maxSpikes);
      for (int i = at; i < at + width; i++) {
        rounded[i] = FixedPoint.round(rounded[i], anchor);
      }
    }
    return Tensor.of(rounded, a.shape());
  }
}
