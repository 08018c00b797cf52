package org.spike2former.snn.energy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Counts a network's multiply-adds without computing: tensors are shapes, parameters need no
 * values.
 *
 * <p>Counted are
 *
 * <ul>
 *   <li>weight layers: output elements × window × input channels of a group; zeros of the padding
 *       count, biases and BatchNorms do not. A RepConv's 1×1 convolution is counted before its
 *       padding;
 *   <li>the two products of attention, in the order in which the network multiplies them, each
 *       driven by the spikes of one factor: in (q·kᵀ)·v by q, then v; in q·(kᵀ·v) by k, then q;
 *   <li>the products of masks, driven by the spikes of the embeddings;
 *   <li>the semantic product of classes and masks, on real numbers.
 * </ul>
 *
 * Not counted are additions of maps, resizing, the bilinear samples and mask weights of deformable
 * attention, sigmoid and softmax.
 */
public final class CostOps implements Ops {
  private static final OpShapes SHAPES = new OpShapes(Precision.F32);

  private final Map<String, LayerCost> layers = new LinkedHashMap<>();
  private final Predicate<String> keysFirst;

  /**
   * Counts from nought.
   *
   * @param keysFirst by the name of the neuron layer that fires an attention's queries: whether it
   *     forms kᵀ·v first
   */
  public CostOps(Predicate<String> keysFirst) {
    this.keysFirst = keysFirst;
  }

  /** The layers in the order in which they ran; one that ran several times has one entry. */
  public List<LayerCost> layers() {
    return List.copyOf(layers.values());
  }

  private void count(String name, String neuron, boolean direct, long macs) {
    layers.merge(
        name,
        new LayerCost(name, neuron, direct, macs),
        (a, b) -> new LayerCost(name, a.neuron(), a.direct(), a.macs() + b.macs()));
  }

  private static String parent(String name) {
    return name == null ? "" : name.substring(0, name.lastIndexOf('.') + 1);
  }

  private static Tensor real(int... shape) {
    return new TracedShape(DType.F32, null, shape);
  }

  /** Another shape or layout of x, or a linear image of it. */
  private static Tensor like(Tensor x, int... shape) {
    return new TracedShape(x.dtype(), TracedShape.neuron(x), shape);
  }

  @Override
  public Precision precision() {
    return Precision.F32;
  }

  @Override
  public String describe() {
    return "counting";
  }

  @Override
  public Tensor value(Parameter parameter) {
    return real(parameter.shape());
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    return new TracedShape(DType.SPIKES, null, SHAPES.spikes(x, maxSpikes));
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    return new TracedShape(DType.SPIKES, null, SHAPES.fire(x));
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    return new TracedShape(DType.SPIKES, neuron, spikes.shape());
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    int[] shape = SHAPES.layer(x, layer);
    long weightsOfAnOutput = layer.weight().size() / layer.outChannels();
    String neuron = TracedShape.neuron(x);
    boolean direct = neuron != null && x.dtype() == DType.SPIKES;
    count(layer.name(), neuron, direct, Shape.size(shape) * weightsOfAnOutput);
    return new TracedShape(DType.F32, neuron, shape);
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    return like(x, SHAPES.batchNorm(x, norm));
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return real(SHAPES.add(a, b));
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    return real(SHAPES.subtract(a, b));
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    return real(SHAPES.multiply(x));
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    return real(SHAPES.addTable(x, table));
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    return real(SHAPES.addScaled(x, gamma, y));
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    int[] shape = SHAPES.attention(q, k, v, heads);
    String query = TracedShape.neuron(q);
    String path = parent(query);
    int queries = q.dim(1);
    int channels = q.dim(2);
    long keys = (long) k.dim(0) * k.dim(1);
    long valueChannels = v.dim(2);
    if (keysFirst.test(query)) {
      long ofAHead = valueChannels / heads;
      count(path + "k*v", TracedShape.neuron(k), true, keys * channels * ofAHead);
      count(path + "q*kv", query, true, (long) q.dim(0) * queries * channels * ofAHead);
    } else {
      count(path + "q*k", query, true, keys * queries * channels);
      count(path + "qk*v", TracedShape.neuron(v), true, keys * queries * valueChannels);
    }
    return real(shape);
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    return real(SHAPES.deformSample(v, offset, mask, groups));
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    return real(SHAPES.resizeBilinear(x, height, width));
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    return real(SHAPES.resizeNearest(x, height, width));
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    return like(x, SHAPES.padWithShift(x, norm));
  }

  @Override
  public Tensor transpose(Tensor x) {
    return like(x, SHAPES.transpose(x));
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    return real(SHAPES.sigmoid(x));
  }

  @Override
  public Tensor softmax(Tensor x) {
    return real(SHAPES.softmax(x));
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    int[] shape = SHAPES.concat(parts);
    return like(parts.get(0), shape);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    return like(x, SHAPES.slice(x, from, to));
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    return like(x, SHAPES.repeat(x, n));
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    return real(SHAPES.meanTime(x, groups, timeSteps));
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    int[] shape = SHAPES.product(a, b);
    String neuron = TracedShape.neuron(b);
    long macs = (long) a.dim(0) * a.dim(1) * b.dim(1) * a.dim(2);
    count(parent(neuron) + "mask_product", neuron, b.dtype() == DType.SPIKES, macs);
    return real(shape);
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    int[] shape = SHAPES.semanticLogits(cls, masks, height, width);
    long macs = (long) cls.dim(0) * height * width * shape[3] * cls.dim(1);
    count("semantic_product", null, false, macs);
    return real(shape);
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    SHAPES.labels(logits, height, width);
    throw new UnsupportedOperationException("labels cost no multiply-adds");
  }
}
