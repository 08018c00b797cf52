package org.spike2former.snn.spikedriven;

import java.util.stream.IntStream;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Counts the additions and multiplications that operations on the CPU take, as their definitions in
 * {@link Ops} read. Positions of a window outside a map do not count, nor do comparisons and
 * rounding in neurons. Layers on integer spikes count as if no spike were 0.
 */
public final class OperationCounter extends ForwardingOps {
  /** Multiplications and additions of a bilinear interpolation. */
  private static final int LERP_PRODUCTS = 6;

  private static final int LERP_SUMS = 3;

  private final OperationCounts counts;

  /** Counts what {@code cpu} does. */
  public OperationCounter(Ops cpu, OperationCounts counts) {
    super(cpu);
    this.counts = counts;
  }

  /** The exponential's polynomial and reduction in float32 or float64, as many additions. */
  private int exponential() {
    return precision() == Precision.F32 ? 11 : 17;
  }

  /** Every run counts from zero. */
  @Override
  public void beginRun(boolean reuse, Object kind) {
    counts.reset();
    super.beginRun(reuse, kind);
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    Tensor out = super.layer(x, layer);
    boolean fed = x.dtype() == DType.SPIKES;
    long pairs = (long) layer.outChannels() * layer.weight().shape()[1];
    long products = pairs * (layer.isPointwise() ? out.size() / out.dim(-1) : positions(x, layer));
    counts.add(fed ? OperationKind.NEURON_FED : OperationKind.REAL_FED, products, products);
    return out;
  }

  /** Pairs of an output pixel and a tap of its window inside the map. */
  private static long positions(Tensor x, WeightLayer layer) {
    return x.dim(0)
        * inside(x.dim(1), layer.kernelHeight(), layer)
        * inside(x.dim(2), layer.kernelWidth(), layer);
  }

  private static long inside(int extent, int kernel, WeightLayer layer) {
    return IntStream.range(0, layer.outExtent(extent, kernel))
        .map(out -> out * layer.stride() - layer.padding())
        .mapToLong(first -> Math.min(extent, first + kernel) - Math.max(0, first))
        .map(taps -> Math.max(0, taps))
        .sum();
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    Tensor out = super.batchNorm(x, norm);
    counts.add(OperationKind.BATCH_NORM, x.size(), x.size());
    return out;
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    counts.add(OperationKind.SUMS, a.size(), 0);
    return super.add(a, b);
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    counts.add(OperationKind.SUMS, a.size(), 0);
    return super.subtract(a, b);
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    counts.add(OperationKind.SUMS, x.size(), 0);
    return super.addTable(x, table);
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    counts.add(OperationKind.MEMBRANES, 0, x.size());
    return super.multiply(x, factor);
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    counts.add(OperationKind.LAYER_SCALE, x.size(), x.size());
    return super.addScaled(x, gamma, y);
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    Tensor out = super.attention(q, k, v, heads, scale);
    long products = (long) q.dim(2) / heads * (v.size() + out.size());
    counts.add(OperationKind.ATTENTION, products, products);
    counts.add(OperationKind.ATTENTION_SCALE, 0, out.size());
    return out;
  }

  /** Corners outside the map count; points whose mask is 0 do not. */
  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    Tensor out = super.deformSample(v, offset, mask, groups);
    long points = 0;
    for (byte k : mask.bytes()) {
      points += k == 0 ? 0 : 1;
    }
    int width = v.dim(3) / groups;
    // A point: its place, shares of the sides, mask·scale; a corner: share of both sides and mask.
    counts.add(OperationKind.SAMPLING, points * (8 + 4L * width), points * (1 + 4 * (width + 2L)));
    return out;
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    Tensor out = super.resizeBilinear(x, height, width);
    counts.add(
        OperationKind.RESIZE, (long) LERP_SUMS * out.size(), (long) LERP_PRODUCTS * out.size());
    return out;
  }

  /** The division counts as a multiplication. */
  @Override
  public Tensor sigmoid(Tensor x) {
    Tensor out = super.sigmoid(x);
    long each = exponential() + 1L;
    counts.add(OperationKind.SIGMOID, each * x.size(), each * x.size());
    return out;
  }

  @Override
  public Tensor softmax(Tensor x) {
    Tensor out = super.softmax(x);
    counts.add(
        OperationKind.PREDICTION, (exponential() + 2L) * x.size(), (exponential() + 1L) * x.size());
    return out;
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    Tensor out = super.meanTime(x, groups, timeSteps);
    if (timeSteps > 1) {
      counts.add(OperationKind.MEAN_TIME, x.size(), x.size() / timeSteps);
    }
    return out;
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    Tensor out = super.product(a, b);
    long products = (long) a.size() * b.dim(1);
    counts.add(OperationKind.MASKS, products, products);
    return out;
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    Tensor out = super.semanticLogits(cls, masks, height, width);
    long pixels = (long) masks.dim(0) * height * width;
    int classes = cls.dim(2) - 1;
    long queries = masks.dim(3);
    long shares = (exponential() + 1L) * cls.size();
    counts.add(
        OperationKind.PREDICTION,
        shares + cls.size() + pixels * queries * (LERP_SUMS + exponential() + 1 + classes),
        shares + pixels * queries * (LERP_PRODUCTS + exponential() + 1 + classes));
    return out;
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    Tensor out = super.labels(logits, height, width);
    if (logits.dim(1) != height || logits.dim(2) != width) {
      long numbers = (long) logits.dim(0) * height * width * logits.dim(3);
      counts.add(OperationKind.PREDICTION, LERP_SUMS * numbers, LERP_PRODUCTS * numbers);
    }
    return out;
  }
}
