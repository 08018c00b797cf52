package org.spike2former.tensor;

import java.util.List;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/** Passes every operation on to another implementation; the base of recorders and counters. */
public abstract class ForwardingOps implements Ops {
  private final Ops delegate;

  /** Passes operations on to {@code delegate}. */
  protected ForwardingOps(Ops delegate) {
    this.delegate = delegate;
  }

  @Override
  public DType realType() {
    return delegate.realType();
  }

  @Override
  public String describe() {
    return delegate.describe();
  }

  /** Without reuse: who listens may keep what it hears. */
  @Override
  public void beginRun(boolean reuse, Object kind) {
    delegate.beginRun(false, kind);
  }

  @Override
  public void endRun(boolean complete) {
    delegate.endRun(complete);
  }

  @Override
  public Tensor value(Parameter parameter) {
    return delegate.value(parameter);
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    return delegate.spikes(x, maxSpikes, scale);
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    return delegate.fire(x, threshold, scale);
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    return delegate.layer(x, layer);
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    return delegate.batchNorm(x, norm);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return delegate.add(a, b);
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    return delegate.subtract(a, b);
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    return delegate.multiply(x, factor);
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    return delegate.addTable(x, table);
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    return delegate.addScaled(x, gamma, y);
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    return delegate.attention(q, k, v, heads, scale);
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    return delegate.deformSample(v, offset, mask, groups);
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    return delegate.resizeBilinear(x, height, width);
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    return delegate.resizeNearest(x, height, width);
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    return delegate.padWithShift(x, norm);
  }

  @Override
  public Tensor transpose(Tensor x) {
    return delegate.transpose(x);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    return delegate.sigmoid(x);
  }

  @Override
  public Tensor softmax(Tensor x) {
    return delegate.softmax(x);
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    return delegate.concat(parts);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    return delegate.slice(x, from, to);
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    return delegate.repeat(x, n);
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    return delegate.meanTime(x, groups, timeSteps);
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    return delegate.product(a, b);
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    return delegate.semanticLogits(cls, masks, height, width);
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    return delegate.observe(block, output);
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    return delegate.observeSpikes(neuron, potential, spikes);
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    return delegate.labels(logits, height, width);
  }
}
