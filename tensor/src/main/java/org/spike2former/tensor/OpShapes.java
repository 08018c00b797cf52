package org.spike2former.tensor;

import static org.spike2former.tensor.ShapeChecks.check;
import static org.spike2former.tensor.ShapeChecks.refusal;
import static org.spike2former.tensor.ShapeChecks.requireChannels;
import static org.spike2former.tensor.ShapeChecks.requirePositive;
import static org.spike2former.tensor.ShapeChecks.requireRank;
import static org.spike2former.tensor.ShapeChecks.requireSpikes;
import static org.spike2former.tensor.ShapeChecks.text;

import java.util.Arrays;
import java.util.List;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * What {@link Ops} promises about shapes: for each operation, the shape of its result and all that
 * its inputs must fulfil. Every implementation asks here before it computes, records or counts, so
 * that all refuse the same calls in the same words.
 *
 * <p>Methods are named after the operations, take their arguments in the same order, less those
 * that no check looks at, and throw {@link ShapeException}.
 *
 * @param precision what real tensors are computed in
 */
public record OpShapes(Precision precision) {
  /** The greatest spike: spikes are signed bytes. */
  public static final int MOST_SPIKES = Byte.MAX_VALUE;

  /** Labels are unsigned bytes. */
  public static final int MOST_CLASSES = 256;

  private static final int POINTS = 9;

  /** See {@link Ops#spikes}. */
  public int[] spikes(Tensor x, int maxSpikes) {
    requireReal("spikes", x);
    requireMaxSpikes("spikes", maxSpikes);
    return x.shape();
  }

  /** See {@link Ops#fire}. */
  public int[] fire(Tensor x) {
    requireReal("fire", x);
    return x.shape();
  }

  /** See {@link Ops#layer}. */
  public int[] layer(Tensor x, WeightLayer layer) {
    requireNumbers(layer.name(), x);
    requireConsistent(layer);
    int[] shape = x.shape();
    if (layer.isPointwise()) {
      check(shape.length >= 2, layer.name(), "2 axes or more", x);
    } else {
      requireRank(layer.name(), x, 4);
    }
    requireChannels(layer.name(), x, layer.inChannels());
    if (!layer.isPointwise()) {
      shape[1] = layer.outExtent(shape[1], layer.kernelHeight());
      shape[2] = layer.outExtent(shape[2], layer.kernelWidth());
      if (shape[1] < 1 || shape[2] < 1) {
        throw refusal("%s: input %s is smaller than its window", layer.name(), text(x));
      }
    }
    shape[shape.length - 1] = layer.outChannels();
    return shape;
  }

  private static void requireConsistent(WeightLayer layer) {
    int[] weight = layer.weight().shape();
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    boolean fits =
        switch (weight.length) {
          case 2 -> !depthwise;
          case 3 -> !depthwise && weight[2] == 1;
          case 4 -> !depthwise || weight[1] == 1;
          default -> false;
        };
    if (!fits) {
      String kind = depthwise ? "depthwise" : "dense";
      throw refusal(
          "%s: a weight of shape %s makes no %s layer", layer.name(), Shape.toString(weight), kind);
    }
    int channels = layer.outChannels();
    if (layer.bias() != null && layer.bias().size() != channels) {
      throw refusal(
          "%s: expected a bias of %d channels, found shape %s",
          layer.name(), channels, Shape.toString(layer.bias().shape()));
    }
    for (BatchNorm norm : layer.norms()) {
      if (norm.channels() != channels) {
        throw refusal(
            "%s: expected BatchNorms of %d channels, found %d in %s",
            layer.name(), channels, norm.channels(), norm.name());
      }
    }
  }

  /** See {@link Ops#layerSpikes}. */
  public int[] layerSpikes(Tensor x, WeightLayer layer, int maxSpikes) {
    requireMaxSpikes(layer.name(), maxSpikes);
    return layer(x, layer);
  }

  /** See {@link Ops#addLayer}. */
  public int[] addLayer(Tensor residual, Tensor x, WeightLayer layer) {
    requireReal(layer.name(), residual);
    requireAddend(layer.name(), residual, layer(x, layer));
    return residual.shape();
  }

  /**
   * Checks that the end of a branch has as many elements as the residual.
   *
   * @param name of the layer or norm at that end
   */
  public static void requireAddend(String name, Tensor residual, int... branch) {
    if (residual.size() != Shape.size(branch)) {
      throw refusal("%s: %s does not add to %s", name, Shape.toString(branch), text(residual));
    }
  }

  /** See {@link Ops#batchNorm}. */
  public int[] batchNorm(Tensor x, BatchNorm norm) {
    requireReal(norm.name(), x);
    requireChannels(norm.name(), x, norm.channels());
    return x.shape();
  }

  /** See {@link Ops#add}. */
  public int[] add(Tensor a, Tensor b) {
    return equal("add", a, b);
  }

  /** See {@link Ops#subtract}. */
  public int[] subtract(Tensor a, Tensor b) {
    return equal("subtract", a, b);
  }

  private int[] equal(String what, Tensor a, Tensor b) {
    requireReal(what, a);
    requireReal(what, b);
    Shape.require(what, a.shape(), b.shape());
    return a.shape();
  }

  /** See {@link Ops#multiply}, which takes numbers of any type. */
  public int[] multiply(Tensor x) {
    return x.shape();
  }

  /** See {@link Ops#addTable}. */
  public int[] addTable(Tensor x, Tensor table) {
    requireReal("addTable", x);
    requireReal("addTable", table);
    int[] shape = x.shape();
    int from = x.rank() - table.rank();
    boolean fits =
        from >= 0 && Arrays.equals(shape, from, x.rank(), table.shape(), 0, table.rank());
    if (!fits || table.size() == 0) {
      throw refusal("addTable: %s is not the end of %s", text(table), text(x));
    }
    return shape;
  }

  /** See {@link Ops#addScaled}. */
  public int[] addScaled(Tensor x, Tensor gamma, Tensor y) {
    int[] shape = equal("addScaled", x, y);
    requireReal("addScaled", gamma);
    if (gamma.size() != 1 && (gamma.rank() != 1 || x.rank() < 1 || gamma.dim(0) != x.dim(-1))) {
      throw refusal("addScaled: gamma %s is not a channel's of %s", text(gamma), text(x));
    }
    return shape;
  }

  /** See {@link Ops#attention}. */
  public int[] attention(Tensor q, Tensor k, Tensor v, int heads) {
    for (Tensor x : List.of(q, k, v)) {
      requireSpikes("attention", x);
      requireRank("attention", x, 3);
    }
    requirePositive("attention", "heads", heads);
    boolean fits = q.dim(0) == k.dim(0) && k.dim(0) == v.dim(0);
    fits = fits && k.dim(1) == v.dim(1) && q.dim(2) == k.dim(2);
    if (!fits || q.dim(2) % heads != 0 || v.dim(2) % heads != 0) {
      throw refusal(
          "attention with %d heads: q %s, k %s and v %s do not go together",
          heads, text(q), text(k), text(v));
    }
    return new int[] {q.dim(0), q.dim(1), v.dim(2)};
  }

  /** See {@link Ops#deformSample}. */
  public int[] deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    requireReal("deformSample", v);
    requireRank("deformSample", v, 4);
    requireReal("deformSample offset", offset);
    requireSpikes("deformSample mask", mask);
    requirePositive("deformSample", "groups", groups);
    if (v.dim(3) % groups != 0) {
      throw refusal("deformSample: %d channels do not divide into %d groups", v.dim(3), groups);
    }
    int[] points = v.shape();
    points[3] = groups * POINTS * 2;
    Shape.require("deformSample offset", points, offset.shape());
    points[3] = groups * POINTS;
    Shape.require("deformSample mask", points, mask.shape());
    return v.shape();
  }

  /** See {@link Ops#resizeBilinear}. */
  public int[] resizeBilinear(Tensor x, int height, int width) {
    return resize("resizeBilinear", x, height, width);
  }

  /** See {@link Ops#resizeNearest}. */
  public int[] resizeNearest(Tensor x, int height, int width) {
    return resize("resizeNearest", x, height, width);
  }

  private int[] resize(String what, Tensor x, int height, int width) {
    requireReal(what, x);
    requireRank(what, x, 4);
    check(x.dim(1) > 0 && x.dim(2) > 0, what, "a map with pixels", x);
    if (height < 1 || width < 1) {
      throw refusal("%s: expected a size of 1×1 or more, found %d×%d", what, height, width);
    }
    return new int[] {x.dim(0), height, width, x.dim(3)};
  }

  /** See {@link Ops#padWithShift}. */
  public int[] padWithShift(Tensor x, BatchNorm norm) {
    requireReal("padWithShift", x);
    requireRank("padWithShift", x, 4);
    requireChannels(norm.name(), x, norm.channels());
    return new int[] {x.dim(0), x.dim(1) + 2, x.dim(2) + 2, x.dim(3)};
  }

  /** See {@link Ops#transpose}. */
  public int[] transpose(Tensor x) {
    requireNumbers("transpose", x);
    requireRank("transpose", x, 3);
    return new int[] {x.dim(0), x.dim(2), x.dim(1)};
  }

  /** See {@link Ops#sigmoid}. */
  public int[] sigmoid(Tensor x) {
    requireReal("sigmoid", x);
    return x.shape();
  }

  /** See {@link Ops#softmax}. */
  public int[] softmax(Tensor x) {
    requireReal("softmax", x);
    check(x.rank() > 0 && x.dim(-1) > 0, "softmax", "a last axis with elements", x);
    return x.shape();
  }

  /** See {@link Ops#concat}. */
  public int[] concat(List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw refusal("concat: expected one part or more, found none");
    }
    Tensor first = parts.get(0);
    requireNumbers("concat", first);
    check(first.rank() > 0, "concat", "1 axis or more", first);
    int[] shape = first.shape();
    shape[0] = 0;
    for (Tensor part : parts) {
      boolean fits = part.dtype() == first.dtype() && part.scale() == first.scale();
      if (!fits
          || part.rank() != shape.length
          || !Arrays.equals(part.shape(), 1, shape.length, shape, 1, shape.length)) {
        throw refusal(
            "concat: %s of scale %s does not go with %s of scale %s",
            part, part.scale(), first, first.scale());
      }
      shape[0] += part.dim(0);
    }
    return shape;
  }

  /** See {@link Ops#slice}. */
  public int[] slice(Tensor x, int from, int to) {
    requireNumbers("slice", x);
    check(x.rank() > 0, "slice", "1 axis or more", x);
    if (from < 0 || from > to || to > x.dim(0)) {
      throw refusal("slice: rows %d to %d are not in shape %s", from, to, text(x));
    }
    int[] shape = x.shape();
    shape[0] = to - from;
    return shape;
  }

  /** See {@link Ops#repeat}. */
  public int[] repeat(Tensor x, int n) {
    requireNumbers("repeat", x);
    requirePositive("repeat", "copies", n);
    int[] shape = new int[x.rank() + 1];
    shape[0] = n;
    System.arraycopy(x.shape(), 0, shape, 1, x.rank());
    return shape;
  }

  /** See {@link Ops#meanTime}. */
  public int[] meanTime(Tensor x, int groups, int timeSteps) {
    requireReal("meanTime", x);
    requirePositive("meanTime", "groups", groups);
    requirePositive("meanTime", "time steps", timeSteps);
    if (x.rank() < 1 || x.dim(0) % ((long) groups * timeSteps) != 0) {
      throw refusal(
          "meanTime: %s does not divide into %d groups of %d time steps",
          text(x), groups, timeSteps);
    }
    int[] shape = x.shape();
    shape[0] /= timeSteps;
    return shape;
  }

  /** See {@link Ops#product}. */
  public int[] product(Tensor a, Tensor b) {
    requireReal("product", a);
    requireNumbers("product", b);
    requireRank("product", a, 3);
    requireRank("product", b, 3);
    if (a.dim(0) != b.dim(0) || a.dim(2) != b.dim(2)) {
      throw refusal("product: %s does not go with %s", text(a), text(b));
    }
    return new int[] {a.dim(0), a.dim(1), b.dim(1)};
  }

  /** See {@link Ops#semanticLogits}. */
  public int[] semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    return semantic("semanticLogits", cls, masks, height, width);
  }

  private int[] semantic(String what, Tensor cls, Tensor masks, int height, int width) {
    requireReal(what, cls);
    requireRank(what, cls, 3);
    int[] shape = resize(what, masks, height, width);
    check(cls.dim(2) > 1, what, "a class and that of none", cls);
    if (cls.dim(0) != masks.dim(0) || cls.dim(1) != masks.dim(3)) {
      throw refusal("%s: classes %s do not go with masks %s", what, text(cls), text(masks));
    }
    shape[3] = cls.dim(2) - 1;
    return shape;
  }

  /** See {@link Ops#labels}. */
  public int[] labels(Tensor logits, int height, int width) {
    return labelMap("labels", resize("labels", logits, height, width));
  }

  /** See {@link Ops#semanticLabels}. */
  public int[] semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    return labelMap("semanticLabels", semantic("semanticLabels", cls, masks, height, width));
  }

  /** Logits' shape without the classes. */
  private static int[] labelMap(String what, int... logits) {
    if (logits[3] < 1 || logits[3] > MOST_CLASSES) {
      throw refusal("%s: expected 1 to %d classes, found %d", what, MOST_CLASSES, logits[3]);
    }
    return Arrays.copyOf(logits, 3);
  }

  private static void requireMaxSpikes(String what, int maxSpikes) {
    if (maxSpikes < 1 || maxSpikes > MOST_SPIKES) {
      throw refusal(
          "%s: expected a neuron of 1 to %d spikes, found %d", what, MOST_SPIKES, maxSpikes);
    }
  }

  private void requireReal(String what, Tensor x) {
    if (x.dtype() != precision.type()) {
      throw refusal("%s: expected real numbers %s, found %s", what, precision, x);
    }
  }

  /** Spikes or real numbers, of the type computed in. */
  private void requireNumbers(String what, Tensor x) {
    if (x.dtype() != DType.SPIKES) {
      requireReal(what, x);
    }
  }
}
