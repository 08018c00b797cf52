package org.spike2former.accel;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.spike2former.accel.operation.Attention;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.DeformSample;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Move;
import org.spike2former.accel.operation.Neuron;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Prediction;
import org.spike2former.accel.operation.Resize;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

/**
 * Operations that are recorded as {@link Step}s instead of being carried out. At least one input is
 * a {@link Symbol}.
 */
final class RecordingOps implements Ops {
  private static final OpShapes SHAPES = new OpShapes(Precision.F32);

  private final PlanBuilder builder;
  private final Constants constants;
  private final LayerSteps layers;

  RecordingOps(DeviceCapabilities capabilities, WeightType weights) {
    builder = new PlanBuilder(capabilities);
    constants = builder.constants();
    layers = new LayerSteps(builder, weights);
  }

  PlanBuilder builder() {
    return builder;
  }

  @Override
  public Precision precision() {
    return Precision.F32;
  }

  @Override
  public String describe() {
    return "plan";
  }

  @Override
  public Tensor value(Parameter parameter) {
    throw new IllegalStateException("a parameter's value does not depend on the input");
  }

  @Override
  public void endStage(NetworkPart part, String stage) {
    builder.steps().endStage(stage);
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    SHAPES.spikes(x, maxSpikes);
    Buffer in = builder.buffer(x);
    Buffer out =
        builder.once(
            List.of(in, maxSpikes),
            () ->
                builder.add(
                    "spikes",
                    new Neuron.Spikes(in, maxSpikes, Buffer.of(Buffer.Type.BYTES, x.size()))));
    return Symbol.spikes(out, scale, maxSpikes, x.shape());
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    SHAPES.fire(x);
    Buffer out = Buffer.of(Buffer.Type.BYTES, x.size());
    builder.add("fire", new Neuron.Fire(builder.buffer(x), (float) threshold, out));
    return Symbol.spikes(out, scale, 1, x.shape());
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    int[] shape = SHAPES.layer(x, layer);
    return Symbol.real(layers.convolve(x, layer, null, 0, shape), shape);
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    int[] shape = SHAPES.layerSpikes(x, layer, maxSpikes);
    Buffer out = layers.convolve(x, layer, null, maxSpikes, shape);
    return Symbol.spikes(out, scale, maxSpikes, shape);
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    int[] shape = SHAPES.addLayer(residual, x, layer);
    Buffer out = layers.convolve(x, layer, builder.buffer(residual), 0, SHAPES.layer(x, layer));
    return Symbol.real(out, shape);
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    SHAPES.batchNorm(x, norm);
    Constants.Norm folded = constants.of(norm);
    return builder.real(
        norm.name(),
        x.shape(),
        out -> new Elementwise.Affine(builder.buffer(x), folded.factor(), folded.shift(), out));
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    SHAPES.add(a, b);
    return sum(Operation.Kind.ADD, a, b);
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    SHAPES.subtract(a, b);
    return sum(Operation.Kind.SUBTRACT, a, b);
  }

  private Tensor sum(Operation.Kind kind, Tensor a, Tensor b) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return builder.real(
        name,
        a.shape(),
        out -> new Elementwise.Sum(kind, builder.buffer(a), builder.buffer(b), out));
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    SHAPES.multiply(x);
    Buffer values = builder.spikeValues(x);
    return builder.real(
        "multiply",
        x.shape(),
        out -> new Elementwise.Multiply(builder.buffer(x), values, (float) factor, out));
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    SHAPES.addTable(x, table);
    Buffer in = builder.buffer(x);
    Buffer row = builder.buffer(table);
    Buffer sums =
        builder.once(
            List.of(in, row),
            () ->
                builder.add(
                    "addTable",
                    new Elementwise.AddTable(in, row, Buffer.of(Buffer.Type.FLOATS, in.length()))));
    return Symbol.real(sums, x.shape());
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    SHAPES.addScaled(x, gamma, y);
    return builder.real(
        "addScaled",
        x.shape(),
        out ->
            new Elementwise.AddScaled(
                builder.buffer(x), builder.buffer(gamma), builder.buffer(y), out));
  }

  /** The order of the two products does not change the sums, so the cheaper one is chosen. */
  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    SHAPES.attention(q, k, v, heads);
    Attention.Extents extents =
        new Attention.Extents(q.dim(0), q.dim(1), k.dim(1), q.dim(2), v.dim(2), heads);
    long most =
        (long) PlanBuilder.maxSpikes(q)
            * PlanBuilder.maxSpikes(k)
            * PlanBuilder.maxSpikes(v)
            * extents.keys()
            * extents.width();
    if (most > Integer.MAX_VALUE) {
      throw new Unsupported("sums of up to " + most + " do not fit 32 bits");
    }
    float factor = (float) (scale * q.scale() * k.scale() * v.scale());
    long linear =
        ((long) extents.keys() + extents.queries()) * extents.channels() / heads * extents.values();
    long byScores =
        (long) extents.keys() * extents.queries() * (extents.channels() + extents.values());
    return linear <= byScores
        ? linearAttention(extents, q, k, v, factor)
        : attentionByScores(extents, q, k, v, factor);
  }

  private Tensor linearAttention(
      Attention.Extents extents, Tensor q, Tensor k, Tensor v, float scale) {
    builder.require(Operation.Kind.QUERY_VALUE);
    Buffer keyValues =
        Buffer.of(
            Buffer.Type.INTS, Shape.size(extents.n(), extents.channels(), extents.valueWidth()));
    builder.add(
        "attention",
        new Attention.KeyValue(extents, builder.buffer(k), builder.buffer(v), keyValues));
    return builder.real(
        "attention",
        new int[] {extents.n(), extents.queries(), extents.values()},
        out -> new Attention.QueryValue(extents, builder.buffer(q), keyValues, scale, out));
  }

  private Tensor attentionByScores(
      Attention.Extents extents, Tensor q, Tensor k, Tensor v, float scale) {
    builder.require(Operation.Kind.SCORE_VALUE);
    Buffer scores =
        Buffer.of(
            Buffer.Type.INTS,
            Shape.size(extents.n(), extents.heads(), extents.queries(), extents.keys()));
    builder.add(
        "attention", new Attention.QueryKey(extents, builder.buffer(q), builder.buffer(k), scores));
    return builder.real(
        "attention",
        new int[] {extents.n(), extents.queries(), extents.values()},
        out -> new Attention.ScoreValue(extents, scores, builder.buffer(v), scale, out));
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    SHAPES.deformSample(v, offset, mask, groups);
    return builder.real(
        "deformSample",
        v.shape(),
        out ->
            new DeformSample(
                builder.buffer(v),
                builder.buffer(offset),
                builder.buffer(mask),
                v.dim(0),
                v.dim(1),
                v.dim(2),
                groups,
                (float) mask.scale(),
                out));
  }

  private Resize resize(
      Operation.Kind kind, Tensor x, int height, int width, Buffer powers, Buffer out) {
    return resize(
        kind,
        x,
        constants.bilinear(x.dim(1), height),
        constants.bilinear(x.dim(2), width),
        powers,
        out);
  }

  private Resize resize(
      Operation.Kind kind,
      Tensor x,
      Resize.Axis rows,
      Resize.Axis columns,
      Buffer powers,
      Buffer out) {
    return new Resize(kind, builder.buffer(x), x.dim(0), rows, columns, x.dim(3), powers, out);
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    int[] shape = SHAPES.resizeBilinear(x, height, width);
    return builder.real(
        "resizeBilinear",
        shape,
        out -> resize(Operation.Kind.RESIZE_BILINEAR, x, height, width, null, out));
  }

  /** The bilinear kernel on positions whose two neighbours are one. */
  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    int[] shape = SHAPES.resizeNearest(x, height, width);
    Resize.Axis rows = constants.nearest(x.dim(1), height);
    Resize.Axis columns = constants.nearest(x.dim(2), width);
    return builder.real(
        "resizeNearest",
        shape,
        out -> resize(Operation.Kind.RESIZE_BILINEAR, x, rows, columns, null, out));
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    int[] shape = SHAPES.padWithShift(x, norm);
    return builder.real(
        "padWithShift",
        shape,
        out ->
            new Move.Pad(
                builder.buffer(x), constants.of(norm).shift(), x.dim(0), x.dim(1), x.dim(2), out));
  }

  @Override
  public Tensor transpose(Tensor x) {
    int[] shape = SHAPES.transpose(x);
    Buffer out = PlanBuilder.bufferLike(x, x.size());
    builder.add(
        "transpose", new Move.Transpose(builder.buffer(x), x.dim(0), x.dim(1), x.dim(2), out));
    return PlanBuilder.like(x, out, shape);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    SHAPES.sigmoid(x);
    return builder.real(
        "sigmoid",
        x.shape(),
        out -> new Elementwise.Sigmoid(builder.buffer(x), constants.powers(), out));
  }

  @Override
  public Tensor softmax(Tensor x) {
    SHAPES.softmax(x);
    return builder.real(
        "softmax",
        x.shape(),
        out -> new Elementwise.Softmax(builder.buffer(x), constants.powers(), x.dim(-1), out));
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    int[] shape = SHAPES.concat(parts);
    Tensor first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    Buffer out = PlanBuilder.bufferLike(first, Shape.size(shape));
    int at = 0;
    int most = 0;
    for (Tensor part : parts) {
      copy(part, 0, part.size(), at, out);
      at += part.size();
      most = Math.max(most, PlanBuilder.maxSpikes(part));
    }
    return PlanBuilder.symbol(first, out, most, shape);
  }

  private void copy(Tensor x, int from, int length, int to, Buffer out) {
    builder.add("copy", new Move.Copy(builder.buffer(x), from, length, to, out));
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    int[] shape = SHAPES.slice(x, from, to);
    if (from == 0 && to == x.dim(0)) {
      return x;
    }
    int row = x.size() / x.dim(0);
    Buffer out = PlanBuilder.bufferLike(x, Shape.size(shape));
    copy(x, from * row, out.length(), 0, out);
    return PlanBuilder.like(x, out, shape);
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    int[] shape = SHAPES.repeat(x, n);
    if (n == 1) {
      return x.reshape(shape);
    }
    Buffer out = PlanBuilder.bufferLike(x, Shape.size(shape));
    for (int i = 0; i < n; i++) {
      copy(x, 0, x.size(), i * x.size(), out);
    }
    return PlanBuilder.like(x, out, shape);
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    int[] shape = SHAPES.meanTime(x, groups, timeSteps);
    if (timeSteps == 1) {
      return x;
    }
    return builder.real(
        "meanTime",
        shape,
        out -> new Elementwise.MeanTime(builder.buffer(x), groups, timeSteps, out));
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    int[] shape = SHAPES.product(a, b);
    Buffer values = builder.spikeValues(b);
    return builder.real(
        "product",
        shape,
        out ->
            new Prediction.Product(
                Operation.Kind.PRODUCT,
                builder.buffer(a),
                builder.buffer(b),
                values,
                a.dim(0),
                a.dim(1),
                b.dim(1),
                a.dim(2),
                out));
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    int[] shape = SHAPES.semanticLogits(cls, masks, height, width);
    return builder.real(
        "semanticLogits",
        shape,
        out -> semantic(Operation.Kind.PRODUCT, cls, masks, height, width, out));
  }

  @Override
  public Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    int[] shape = SHAPES.semanticLabels(cls, masks, height, width);
    return labels(
        shape, out -> semantic(Operation.Kind.PRODUCT_ARGMAX, cls, masks, height, width, out));
  }

  /**
   * Masks as probabilities [B, pixels, Q] times class shares [B, K+1, Q] without the last class.
   */
  private Operation semantic(
      Operation.Kind kind, Tensor cls, Tensor masks, int height, int width, Buffer out) {
    builder.require(kind);
    builder.require(Operation.Kind.RESIZE_SIGMOID);
    Tensor shares = transpose(softmax(cls));
    Tensor pixels =
        builder.real(
            "masks",
            new int[] {masks.dim(0), height * width, masks.dim(3)},
            probabilities ->
                resize(
                    Operation.Kind.RESIZE_SIGMOID,
                    masks,
                    height,
                    width,
                    constants.powers(),
                    probabilities));
    return new Prediction.Product(
        kind,
        builder.buffer(pixels),
        builder.buffer(shares),
        null,
        cls.dim(0),
        height * width,
        cls.dim(2) - 1,
        cls.dim(1),
        out);
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    int[] shape = SHAPES.labels(logits, height, width);
    boolean same = logits.dim(1) == height && logits.dim(2) == width;
    return labels(
        shape,
        out ->
            same
                ? new Prediction.Argmax(builder.buffer(logits), logits.dim(3), out)
                : resize(Operation.Kind.RESIZE_ARGMAX, logits, height, width, null, out));
  }

  private Tensor labels(int[] shape, Function<Buffer, Operation> operation) {
    Buffer out = Buffer.of(Buffer.Type.BYTES, Shape.size(shape));
    builder.add("labels", operation.apply(out));
    return Symbol.labels(out, shape);
  }
}
