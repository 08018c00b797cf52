package org.spike2former.tensor;

import java.util.List;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * The operations that the networks are made of, each of which is written once against this
 * interface; a scalar reference, Vector API kernels, training and devices are implementations of
 * it.
 *
 * <p>Maps are {@code [N, H, W, C]} and tokens {@code [N, L, C]}, where N folds time steps and batch
 * (T slower). "Real" tensors have the type {@link Precision#type()} of {@link #precision()}.
 * Implementations on a CPU follow one accumulation order, given with each operation, so that they
 * agree bit for bit. All operations throw {@link ShapeException} for shapes, kinds of numbers and
 * counts that do not fit, which {@link OpShapes} finds out for all implementations.
 */
public interface Ops {
  /** What real tensors are computed in. */
  Precision precision();

  /** A short description of the implementation, for logs and reports. */
  String describe();

  /**
   * A run of the network begins; one that did not end before is given up.
   *
   * @param reuse whether the results of earlier runs may be overwritten, so that an implementation
   *     may put this run's in their place. Otherwise, and outside of runs, every tensor has storage
   *     of its own
   * @param kind what the run asks for: runs of equal kinds, and of one network, ask for the same
   *     operations on the same tensors, but for sizes
   */
  default void beginRun(boolean reuse, Object kind) {}

  /** As {@link #beginRun(boolean, Object)}, where all runs are of one kind. */
  default void beginRun(boolean reuse) {
    beginRun(reuse, "");
  }

  /**
   * The run is over; its tensors stay good until the next begins.
   *
   * @param complete whether the run has asked for all that its kind asks for. What was learned of a
   *     run that broke off is forgotten
   */
  default void endRun(boolean complete) {}

  /** Which kernels ran since the last call, in a word or two for reports; empty if unknown. */
  default String kernelsUsed() {
    return "";
  }

  /** The parameter's value as a real tensor, in PyTorch's layout. */
  Tensor value(Parameter parameter);

  /**
   * The integer neuron without memory: {@code k = rint(clamp(x, 0, maxSpikes))}, half to even, as
   * spikes of the given scale ({@code model.md} section 1).
   */
  Tensor spikes(Tensor x, int maxSpikes, double scale);

  /** The binary neuron without memory: {@code k = 1} where {@code x ≥ threshold}, else 0. */
  Tensor fire(Tensor x, double threshold, double scale);

  /**
   * A weight layer and its BatchNorms on spikes or on real numbers. A pointwise layer takes any
   * rank ≥ 2 and acts on the last axis; others take maps.
   *
   * <p>Order, for each output element: start from the bias (folded, or 0), then one fused
   * multiply-add for each kernel row, block of 32 input channels, kernel column and input channel
   * of the block, in that nesting.
   */
  Tensor layer(Tensor x, WeightLayer layer);

  /**
   * A weight layer and the integer neuron without memory that follows it. The potential between
   * them is used nowhere else, so an implementation need not store it.
   *
   * @param neuron the neuron layer's name, for {@link #observeSpikes}
   */
  default Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    new OpShapes(precision()).layerSpikes(x, layer, maxSpikes);
    Tensor potential = layer(x, layer);
    return observeSpikes(neuron, potential, spikes(potential, maxSpikes, scale));
  }

  /**
   * A weight layer at the end of a residual branch: {@code residual + layer(x)}.
   *
   * @param block the branch's name, for {@link #observe}; null for none
   */
  default Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    new OpShapes(precision()).addLayer(residual, x, layer);
    Tensor branch = layer(x, layer).reshape(residual.shape());
    return add(residual, block == null ? branch : observe(block, branch));
  }

  /**
   * BatchNorm by itself, over the last axis: one fused multiply-add of {@linkplain BatchNorm#factor
   * factor} and {@linkplain BatchNorm#shift shift}, each rounded to real.
   */
  Tensor batchNorm(Tensor x, BatchNorm norm);

  /** {@code a + b}, equal shapes. */
  Tensor add(Tensor a, Tensor b);

  /** {@code a − b}, equal shapes. */
  Tensor subtract(Tensor a, Tensor b);

  /** {@code x·factor}; spikes become real. */
  Tensor multiply(Tensor x, double factor);

  /** {@code x + table}, the table's shape being the last axes of x. */
  Tensor addTable(Tensor x, Tensor table);

  /**
   * Layer scale and residual, {@code fma(gamma, y, x)}, with gamma [C] over the last axis or [1].
   */
  Tensor addScaled(Tensor x, Tensor gamma, Tensor y);

  /**
   * Attention without softmax on spikes, by heads of contiguous channels: {@code y =
   * q·(kᵀ·v)·scale} with q {@code [N, Lq, C]}, k {@code [N, Lk, C]}, v and y {@code [N, Lk|Lq,
   * Cv]}.
   *
   * <p>The two products are exact in integers, so either association gives the same number; it is
   * rounded once to real and multiplied once by {@code scale} and the scales of q, k and v.
   */
  Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale);

  /**
   * The sampling core of deformable attention ({@code model.md} section 5), 3×3 points, stride 1:
   * for each output pixel and group, the mask-weighted sum of bilinear samples of v, zero outside.
   *
   * <p>Order: points p, then corners (top left, top right, bottom left, bottom right), one fused
   * multiply-add each of {@code mask·weight} and the corner's value, starting from 0.
   *
   * @param v [N, H, W, C]
   * @param offset [N, H, W, G·9·2], real, (x, y) pairs
   * @param mask [N, H, W, G·9], spikes
   * @param groups G; group g takes contiguous channels
   */
  Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups);

  /** Bilinear resize of a map, PyTorch's coordinates with {@code align_corners=False}. */
  Tensor resizeBilinear(Tensor x, int height, int width);

  /**
   * Nearest-neighbour resize of a map, PyTorch's: output i is input {@code floor(i·in/out)} along
   * each axis.
   */
  Tensor resizeNearest(Tensor x, int height, int width);

  /**
   * Pads a map by one pixel on each side with {@linkplain BatchNorm#shift the constant} that {@code
   * norm} gives for input 0 (RepConv, {@code model.md} section 2).
   */
  Tensor padWithShift(Tensor x, BatchNorm norm);

  /** {@code [N, A, B]} to {@code [N, B, A]}. */
  Tensor transpose(Tensor x);

  /** {@code 1/(1 + exp(−x))}. */
  Tensor sigmoid(Tensor x);

  /** Softmax over the last axis: exp(x − max) over its sum from left to right. */
  Tensor softmax(Tensor x);

  /** Concatenation along the first axis, of real numbers or of spikes of one scale. */
  Tensor concat(List<Tensor> parts);

  /** Rows {@code from} (inclusive) to {@code to} (exclusive) of the first axis, of any type. */
  Tensor slice(Tensor x, int from, int to);

  /** {@code [...]} to {@code [n, ...]}: n copies along a new first axis. */
  Tensor repeat(Tensor x, int n);

  /** {@code [G·T·B, ...]} to {@code [G·B, ...]}: the mean over T, summed in the order of time. */
  Tensor meanTime(Tensor x, int groups, int timeSteps);

  /**
   * {@code out[n, i, j] = Σ_c a[n, i, c]·b[n, j, c]}, c ascending, one fused multiply-add each. b
   * may be spikes; its scale enters b before the products.
   */
  Tensor product(Tensor a, Tensor b);

  /**
   * Semantic prediction ({@code model.md} section 7): {@code logits[n, y, x, k] = Σ_q p[n, q, k] ·
   * sigmoid(resize(masks))[n, y, x, q]} with p the softmax of cls without its last column; q
   * ascending, one fused multiply-add each.
   *
   * @param cls [B, Q, K+1]
   * @param masks [B, h, w, Q]
   * @return [B, height, width, K]
   */
  Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width);

  /**
   * The label map: for each pixel the class with the greatest logit, the first of equals, after a
   * bilinear resize of the logits where the size differs.
   *
   * @param logits [B, h, w, K], K ≤ 256
   * @return labels [B, height, width]
   */
  Tensor labels(Tensor logits, int height, int width);

  /**
   * The label map of {@link #semanticLogits}, where the logits themselves are not wanted.
   *
   * @return labels [B, height, width]
   */
  default Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    new OpShapes(precision()).semanticLabels(cls, masks, height, width);
    return labels(semanticLogits(cls, masks, height, width), height, width);
  }

  /**
   * Called with the output of every named block; what it returns is used in its place. A recorder
   * listens here.
   */
  default Tensor observe(String block, Tensor output) {
    return output;
  }

  /**
   * Called when a part of the network, or one of its stages, has its output: what follows belongs
   * to the next. Plans for devices are cut here.
   *
   * @param stage the name of the block whose output it is
   */
  default void endStage(NetworkPart part, String stage) {}

  /** Called with the input and output of every neuron layer, as {@link #observe}. */
  default Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    return spikes;
  }
}
