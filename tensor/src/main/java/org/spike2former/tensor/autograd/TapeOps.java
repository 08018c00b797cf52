package org.spike2former.tensor.autograd;

import java.util.List;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Derivatives.AttentionGradient;
import org.spike2former.tensor.Derivatives.Firing;
import org.spike2former.tensor.Derivatives.SampleGradient;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Operations as in training: BatchNorms use the statistics of the batch and update their running
 * ones, and what backward needs is recorded ({@code model.md} sections 1, 2 and 7).
 *
 * <p>A run starts with {@link #beginRun} or after {@link #backward}. Neurons pass gradients on by
 * straight-through estimates, see {@link Derivatives#spikes} and {@link Derivatives#fire}. Results
 * of {@link #semanticLogits} and {@link #labels} carry no gradient. Not for several threads.
 */
public final class TapeOps implements Ops {
  private final Ops forward;
  private final Derivatives derivatives;
  private final TapeOptions options;
  private final OpShapes shapes;
  private final Tape tape;
  private final LayersOnTape layers;
  private TapeListener listener;

  /** Records operations that {@code forward} and {@code derivatives} compute. */
  public TapeOps(Ops forward, Derivatives derivatives) {
    this(forward, derivatives, TapeOptions.DEFAULT);
  }

  /** As {@link #TapeOps(Ops, Derivatives)} with options. */
  public TapeOps(Ops forward, Derivatives derivatives, TapeOptions options) {
    this.forward = forward;
    this.derivatives = derivatives;
    this.options = options;
    this.shapes = new OpShapes(forward.precision());
    this.tape = new Tape(forward, derivatives, options.wanted());
    this.layers = new LayersOnTape(tape, options, forward.precision());
  }

  /**
   * The same operations with other options and a tape of their own. They share storage, so runs of
   * the two may not overlap.
   */
  public TapeOps with(TapeOptions other) {
    return new TapeOps(forward, derivatives, other);
  }

  /** Sets the observer of blocks and neuron layers; null for none. */
  public void listen(TapeListener to) {
    listener = to;
  }

  /** A leaf whose gradient is wanted, such as the network's input; real. */
  public Tensor variable(Tensor x) {
    return tape.variable(x);
  }

  /**
   * What this run's BatchNorms took from their inputs, in the order in which they did, frozen ones
   * left out. Known until {@link #backward}.
   */
  public List<BatchStatistics> statistics() {
    return layers.statistics();
  }

  /**
   * Computes the gradients of the sum of all {@code outputs·gradients}, and forgets the run.
   * Storage is given up as soon as it has been used.
   *
   * @param outputs results of this run; those that depend on no leaf are passed over
   * @param gradients one for each, of its shape; they are left as they are
   * @throws ShapeException if a gradient has another shape than its output
   */
  public Gradients backward(List<Tensor> outputs, List<Tensor> gradients) {
    if (outputs.size() != gradients.size()) {
      throw new IllegalArgumentException(
          outputs.size() + " outputs and " + gradients.size() + " gradients");
    }
    layers.beginRun();
    return tape.backward(outputs, gradients);
  }

  /**
   * Adds one gradient to another in place, over several batches, say. Unlike a sum by {@link #add},
   * that is the caller's whatever runs follow.
   */
  public void accumulate(Tensor sum, Tensor gradient) {
    derivatives.accumulate(sum, gradient);
  }

  @Override
  public Precision precision() {
    return forward.precision();
  }

  @Override
  public String describe() {
    return forward.describe() + ", training";
  }

  /**
   * Forgets a run that saw no backward. With {@code reuse}, storage goes from run to run, that of
   * gradients of parameters excepted: tensors and other gradients of runs before are overwritten.
   */
  @Override
  public void beginRun(boolean reuse, Object kind) {
    layers.beginRun();
    tape.clear();
    forward.beginRun(reuse, kind);
  }

  @Override
  public void endRun(boolean complete) {
    forward.endRun(complete);
  }

  @Override
  public String kernelsUsed() {
    return forward.kernelsUsed();
  }

  @Override
  public Tensor value(Parameter parameter) {
    Tensor value = forward.value(parameter);
    GradientSum sum = tape.gradientSum(parameter);
    return sum == null ? value : new Variable(value, sum);
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    GradientSum sum = GradientSum.of(x);
    Firing firing = new Firing(maxSpikes, scale);
    return tape.record(
        forward.spikes(x, maxSpikes, scale),
        g -> sum.give(derivatives.spikes(g.tensor(), x, firing, g.giveUp())),
        sum);
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    GradientSum sum = GradientSum.of(x);
    return tape.record(
        forward.fire(x, threshold, scale),
        g -> sum.give(derivatives.fire(g.tensor(), x, threshold, scale)),
        sum);
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    shapes.layer(x, layer);
    Tensor bare = layers.bare(x, layer);
    if (layer.norms().isEmpty()) {
      return bare;
    }
    Tensor y = layers.normAfter(bare, x, layer).apply(bare);
    for (BatchNorm norm : layer.norms().subList(1, layer.norms().size())) {
      y = batchNorm(y, norm);
    }
    return y;
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    if (layer.norms().size() != 1) {
      return Ops.super.layerSpikes(x, layer, neuron, maxSpikes, scale);
    }
    shapes.layerSpikes(x, layer, maxSpikes);
    Tensor bare = layers.bare(x, layer);
    Tensor spikes = layers.normAfter(bare, x, layer).apply(bare, new Firing(maxSpikes, scale));
    return observeSpikes(neuron, null, spikes);
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    boolean heard = listener != null && block != null;
    if (layer.norms().size() != 1 || heard) {
      return Ops.super.addLayer(residual, x, layer, block);
    }
    shapes.addLayer(residual, x, layer);
    Tensor bare = layers.bare(x, layer);
    return layers.normAfter(bare, x, layer).applyAndAdd(residual, bare);
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    shapes.batchNorm(x, norm);
    return layers.norm(x, norm).apply(x);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    GradientSum left = GradientSum.of(a);
    GradientSum right = GradientSum.of(b);
    return tape.record(
        forward.add(a, b),
        g -> {
          if (left != null) {
            left.give(g);
          }
          if (right != null) {
            right.give(g);
          }
        },
        left,
        right);
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    GradientSum left = GradientSum.of(a);
    GradientSum right = GradientSum.of(b);
    return tape.record(
        forward.subtract(a, b),
        g -> {
          if (left != null) {
            left.give(g);
          }
          if (right != null) {
            right.give(forward.multiply(g.tensor(), -1));
          }
        },
        left,
        right);
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    GradientSum sum = GradientSum.of(x);
    return tape.record(
        forward.multiply(x, factor), g -> sum.give(forward.multiply(g.tensor(), factor)), sum);
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    GradientSum input = GradientSum.of(x);
    GradientSum rows = GradientSum.of(table);
    int size = table.size();
    return tape.record(
        forward.addTable(x, table),
        g -> {
          if (rows != null) {
            rows.give(derivatives.sumRows(g.as(g.tensor().size() / size, size)));
          }
          if (input != null) {
            input.give(g);
          }
        },
        input,
        rows);
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    GradientSum rest = GradientSum.of(x);
    GradientSum factor = GradientSum.of(gamma);
    GradientSum branch = GradientSum.of(y);
    return tape.record(
        forward.addScaled(x, gamma, y),
        g -> {
          if (factor != null) {
            factor.give(derivatives.scaleWeight(g.tensor(), y, gamma.shape()));
          }
          if (branch != null) {
            branch.give(derivatives.scale(g.tensor(), gamma));
          }
          if (rest != null) {
            rest.give(g);
          }
        },
        rest,
        factor,
        branch);
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    GradientSum query = GradientSum.of(q);
    GradientSum key = GradientSum.of(k);
    GradientSum value = GradientSum.of(v);
    return tape.record(
        forward.attention(q, k, v, heads, scale),
        g -> {
          AttentionGradient d = derivatives.attention(g.tensor(), q, k, v, heads, scale);
          give(query, d.query());
          give(key, d.key());
          give(value, d.value());
        },
        query,
        key,
        value);
  }

  private static void give(GradientSum sum, Tensor gradient) {
    if (sum != null) {
      sum.give(gradient);
    }
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    GradientSum value = GradientSum.of(v);
    GradientSum places = GradientSum.of(offset);
    GradientSum weights = GradientSum.of(mask);
    return tape.record(
        forward.deformSample(v, offset, mask, groups),
        g -> {
          SampleGradient d = derivatives.deformSample(g.tensor(), v, offset, mask, groups);
          give(value, d.value());
          give(places, d.offset());
          give(weights, d.mask());
        },
        value,
        places,
        weights);
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    GradientSum sum = GradientSum.of(x);
    int[] shape = x.shape();
    Tensor y = forward.resizeBilinear(x, height, width);
    int[] resized = y.shape();
    return tape.record(y, g -> sum.give(derivatives.resizeBilinear(g.as(resized), shape)), sum);
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    GradientSum sum = GradientSum.of(x);
    int[] shape = x.shape();
    Tensor y = forward.resizeNearest(x, height, width);
    int[] resized = y.shape();
    return tape.record(y, g -> sum.give(derivatives.resizeNearest(g.as(resized), shape)), sum);
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    GradientSum sum = GradientSum.of(x);
    Tensor y = forward.padWithShift(x, norm);
    int[] padded = y.shape();
    return tape.record(y, g -> sum.give(derivatives.crop(g.as(padded))), sum);
  }

  @Override
  public Tensor transpose(Tensor x) {
    GradientSum sum = GradientSum.of(x);
    Tensor y = forward.transpose(x);
    int[] flipped = y.shape();
    return tape.record(y, g -> sum.give(forward.transpose(g.as(flipped))), sum);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    GradientSum sum = GradientSum.of(x);
    Tensor y = forward.sigmoid(x);
    return tape.record(y, g -> sum.give(derivatives.sigmoid(g.tensor(), y)), sum);
  }

  @Override
  public Tensor softmax(Tensor x) {
    GradientSum sum = GradientSum.of(x);
    Tensor y = forward.softmax(x);
    return tape.record(y, g -> sum.give(derivatives.softmax(g.tensor(), y)), sum);
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    Tensor all = forward.concat(parts);
    int[] shape = all.shape();
    GradientSum[] sums = parts.stream().map(GradientSum::of).toArray(GradientSum[]::new);
    List<Integer> rows = parts.stream().map(part -> part.dim(0)).toList();
    return tape.record(
        all,
        g -> {
          int from = 0;
          for (int i = 0; i < sums.length; i++) {
            int to = from + rows.get(i);
            if (sums[i] != null && to - from == shape[0]) {
              sums[i].give(g);
            } else if (sums[i] != null) {
              sums[i].give(forward.slice(g.as(shape), from, to));
            }
            from = to;
          }
        },
        sums);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    GradientSum sum = GradientSum.of(x);
    int[] shape = x.shape();
    return tape.record(forward.slice(x, from, to), g -> sum.giveRows(g.tensor(), from, shape), sum);
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    GradientSum sum = GradientSum.of(x);
    int size = x.size();
    return tape.record(
        forward.repeat(x, n), g -> sum.give(derivatives.sumRows(g.as(n, size))), sum);
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    shapes.meanTime(x, groups, timeSteps);
    if (timeSteps == 1) {
      return x;
    }
    GradientSum sum = GradientSum.of(x);
    return tape.record(
        forward.meanTime(x, groups, timeSteps),
        g -> sum.give(derivatives.meanTime(g.tensor(), groups, timeSteps)),
        sum);
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    GradientSum left = GradientSum.of(a);
    GradientSum right = GradientSum.of(b);
    Tensor products = forward.product(a, b);
    int[] shape = products.shape();
    return tape.record(
        products,
        g -> {
          if (right != null) {
            right.give(derivatives.productRight(g.as(shape), a));
          }
          if (left != null) {
            left.give(forward.product(g.as(shape), forward.transpose(b)));
          }
        },
        left,
        right);
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    return forward.semanticLogits(cls, masks, height, width);
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    return forward.labels(logits, height, width);
  }

  @Override
  public Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    return forward.semanticLabels(cls, masks, height, width);
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    if (listener != null) {
      listener.block(block, output);
    }
    return output;
  }

  /** The potential is null where it was never stored. */
  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    if (listener != null) {
      listener.spikes(neuron, spikes);
    }
    return spikes;
  }
}
