package org.spike2former.tensor;

import java.util.Arrays;
import java.util.List;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Operations of which each becomes one {@link OpCall}: the one place that knows how to take a call
 * apart and make it again; the base of recorders, counters, tracers and timers. What is not an
 * operation is passed on to the wrapped operations.
 *
 * <p>A subclass handles calls in {@link #intercept}, or overrides the methods of a few.
 */
public abstract class InterceptingOps implements Ops {
  private final Ops delegate;
  private final boolean whole;

  /**
   * Intercepts what would go to {@code delegate}.
   *
   * @param whole whether {@link Ops#layerSpikes}, {@link Ops#addLayer} and {@link
   *     Ops#semanticLabels} are calls of their own; otherwise they come as the calls that {@link
   *     Ops} makes of them
   */
  protected InterceptingOps(Ops delegate, boolean whole) {
    this.delegate = delegate;
    this.whole = whole;
  }

  /** Does an operation; {@code call.on(delegate())} passes it on. */
  protected abstract Tensor intercept(OpCall call);

  /** The wrapped operations. */
  protected final Ops delegate() {
    return delegate;
  }

  @Override
  public Precision precision() {
    return delegate.precision();
  }

  @Override
  public String describe() {
    return delegate.describe();
  }

  @Override
  public void beginRun(boolean reuse, Object kind) {
    delegate.beginRun(reuse, kind);
  }

  @Override
  public void endRun(boolean complete) {
    delegate.endRun(complete);
  }

  @Override
  public String kernelsUsed() {
    return delegate.kernelsUsed();
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    return delegate.observe(block, output);
  }

  @Override
  public void endStage(NetworkPart part, String stage) {
    delegate.endStage(part, stage);
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    return delegate.observeSpikes(neuron, potential, spikes);
  }

  private Tensor call(
      OpName name, List<Tensor> tensors, List<Object> arguments, OpCall.Replay replay) {
    return intercept(new OpCall(name, tensors, arguments, replay));
  }

  @Override
  public Tensor value(Parameter parameter) {
    return call(OpName.VALUE, List.of(), List.of(parameter), (o, _) -> o.value(parameter));
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    return call(
        OpName.SPIKES,
        List.of(x),
        List.of(maxSpikes, scale),
        (o, in) -> o.spikes(in.get(0), maxSpikes, scale));
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    return call(
        OpName.FIRE,
        List.of(x),
        List.of(threshold, scale),
        (o, in) -> o.fire(in.get(0), threshold, scale));
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    return call(OpName.LAYER, List.of(x), List.of(layer), (o, in) -> o.layer(in.get(0), layer));
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    if (!whole) {
      return Ops.super.layerSpikes(x, layer, neuron, maxSpikes, scale);
    }
    return call(
        OpName.LAYER_SPIKES,
        List.of(x),
        List.of(layer, neuron, maxSpikes, scale),
        (o, in) -> o.layerSpikes(in.get(0), layer, neuron, maxSpikes, scale));
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    if (!whole) {
      return Ops.super.addLayer(residual, x, layer, block);
    }
    return call(
        OpName.ADD_LAYER,
        List.of(residual, x),
        Arrays.asList(layer, block),
        (o, in) -> o.addLayer(in.get(0), in.get(1), layer, block));
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    return call(
        OpName.BATCH_NORM, List.of(x), List.of(norm), (o, in) -> o.batchNorm(in.get(0), norm));
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return call(OpName.ADD, List.of(a, b), List.of(), (o, in) -> o.add(in.get(0), in.get(1)));
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    return call(
        OpName.SUBTRACT, List.of(a, b), List.of(), (o, in) -> o.subtract(in.get(0), in.get(1)));
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    return call(
        OpName.MULTIPLY, List.of(x), List.of(factor), (o, in) -> o.multiply(in.get(0), factor));
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    return call(
        OpName.ADD_TABLE,
        List.of(x, table),
        List.of(),
        (o, in) -> o.addTable(in.get(0), in.get(1)));
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    return call(
        OpName.ADD_SCALED,
        List.of(x, gamma, y),
        List.of(),
        (o, in) -> o.addScaled(in.get(0), in.get(1), in.get(2)));
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    return call(
        OpName.ATTENTION,
        List.of(q, k, v),
        List.of(heads, scale),
        (o, in) -> o.attention(in.get(0), in.get(1), in.get(2), heads, scale));
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    return call(
        OpName.DEFORM_SAMPLE,
        List.of(v, offset, mask),
        List.of(groups),
        (o, in) -> o.deformSample(in.get(0), in.get(1), in.get(2), groups));
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    return call(
        OpName.RESIZE_BILINEAR,
        List.of(x),
        List.of(height, width),
        (o, in) -> o.resizeBilinear(in.get(0), height, width));
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    return call(
        OpName.RESIZE_NEAREST,
        List.of(x),
        List.of(height, width),
        (o, in) -> o.resizeNearest(in.get(0), height, width));
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    return call(
        OpName.PAD_WITH_SHIFT,
        List.of(x),
        List.of(norm),
        (o, in) -> o.padWithShift(in.get(0), norm));
  }

  @Override
  public Tensor transpose(Tensor x) {
    return call(OpName.TRANSPOSE, List.of(x), List.of(), (o, in) -> o.transpose(in.get(0)));
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    return call(OpName.SIGMOID, List.of(x), List.of(), (o, in) -> o.sigmoid(in.get(0)));
  }

  @Override
  public Tensor softmax(Tensor x) {
    return call(OpName.SOFTMAX, List.of(x), List.of(), (o, in) -> o.softmax(in.get(0)));
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    return call(OpName.CONCAT, parts, List.of(), Ops::concat);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    return call(
        OpName.SLICE, List.of(x), List.of(from, to), (o, in) -> o.slice(in.get(0), from, to));
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    return call(OpName.REPEAT, List.of(x), List.of(n), (o, in) -> o.repeat(in.get(0), n));
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    return call(
        OpName.MEAN_TIME,
        List.of(x),
        List.of(groups, timeSteps),
        (o, in) -> o.meanTime(in.get(0), groups, timeSteps));
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    return call(
        OpName.PRODUCT, List.of(a, b), List.of(), (o, in) -> o.product(in.get(0), in.get(1)));
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    return call(
        OpName.SEMANTIC_LOGITS,
        List.of(cls, masks),
        List.of(height, width),
        (o, in) -> o.semanticLogits(in.get(0), in.get(1), height, width));
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    return call(
        OpName.LABELS,
        List.of(logits),
        List.of(height, width),
        (o, in) -> o.labels(in.get(0), height, width));
  }

  @Override
  public Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    if (!whole) {
      return Ops.super.semanticLabels(cls, masks, height, width);
    }
    return call(
        OpName.SEMANTIC_LABELS,
        List.of(cls, masks),
        List.of(height, width),
        (o, in) -> o.semanticLabels(in.get(0), in.get(1), height, width));
  }
}
