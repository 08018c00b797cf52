package org.spike2former.accel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

/**
 * Operations that are written down as {@link Step}s instead of being done. At least one input is a
 * {@link Symbol}.
 */
final class Recorder implements Ops {
  private static final OpShapes SHAPES = new OpShapes(DType.F32);

  private final Script script;
  private final Constants constants;
  private final LayerSteps layers;

  Recorder(Kernels kernels, WeightType weights) {
    script = new Script(kernels);
    constants = script.constants();
    layers = new LayerSteps(script, weights);
  }

  Script script() {
    return script;
  }

  @Override
  public DType realType() {
    return DType.F32;
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
  public Tensor observe(String block, Tensor output) {
    script.steps().observe(block);
    return output;
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    SHAPES.spikes(x, maxSpikes);
    int[] sizes = {x.size(), maxSpikes};
    Buffer out =
        script.add(
            Operation.SPIKES,
            "spikes",
            Buffer.Type.BYTES,
            x.size(),
            List.of(script.buffer(x)),
            sizes);
    return Symbol.spikes(out, scale, maxSpikes, x.shape());
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    SHAPES.fire(x);
    int[] sizes = {x.size()};
    List<Buffer> in = List.of(script.buffer(x));
    Buffer out =
        script.add(
            Operation.FIRE, "fire", Buffer.Type.BYTES, x.size(), in, sizes, (float) threshold);
    return Symbol.spikes(out, scale, 1, x.shape());
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    Window window = Window.of(x, layer);
    Buffer out = layers.convolve(x, layer, window, Buffer.Type.FLOATS, 0, null);
    return Symbol.real(out, window.shape());
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    SHAPES.layerSpikes(x, layer, maxSpikes);
    Window window = Window.of(x, layer);
    Buffer out = layers.convolve(x, layer, window, Buffer.Type.BYTES, maxSpikes, null);
    return Symbol.spikes(out, scale, maxSpikes, window.shape());
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    int[] shape = SHAPES.addLayer(residual, x, layer);
    Window window = Window.of(x, layer);
    Buffer out = layers.convolve(x, layer, window, Buffer.Type.FLOATS, 0, script.buffer(residual));
    return Symbol.real(out, shape);
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    SHAPES.batchNorm(x, norm);
    Constants.Norm folded = constants.of(norm);
    List<Buffer> inputs = List.of(script.buffer(x), folded.factor(), folded.shift());
    int[] sizes = {x.size() / norm.channels(), norm.channels()};
    return script.real(Operation.AFFINE, norm.name(), inputs, sizes, x.shape());
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    SHAPES.add(a, b);
    return sum(Operation.ADD, a, b);
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    SHAPES.subtract(a, b);
    return sum(Operation.SUBTRACT, a, b);
  }

  private Tensor sum(Operation operation, Tensor a, Tensor b) {
    String name = operation.name().toLowerCase(Locale.ROOT);
    return script.real(
        operation,
        name,
        List.of(script.buffer(a), script.buffer(b)),
        new int[] {a.size()},
        a.shape());
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    SHAPES.multiply(x);
    List<Buffer> inputs = new ArrayList<>(List.of(script.buffer(x)));
    if (x.dtype() == DType.SPIKES) {
      inputs.add(constants.spikeValues(x.scale()));
    }
    int[] sizes = {x.size()};
    return script.real(Operation.MULTIPLY, "multiply", inputs, sizes, x.shape(), (float) factor);
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    SHAPES.addTable(x, table);
    int[] sizes = {x.size() / table.size(), table.size()};
    List<Buffer> inputs = List.of(script.buffer(x), script.buffer(table));
    return script.real(Operation.ADD_TABLE, "addTable", inputs, sizes, x.shape());
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    SHAPES.addScaled(x, gamma, y);
    int[] sizes = {x.size() / gamma.size(), gamma.size()};
    List<Buffer> inputs = List.of(script.buffer(x), script.buffer(gamma), script.buffer(y));
    return script.real(Operation.ADD_SCALED, "addScaled", inputs, sizes, x.shape());
  }

  /** The order of the two products does not change the sums, so the cheaper one is chosen. */
  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    int[] shape = SHAPES.attention(q, k, v, heads);
    int n = q.dim(0);
    int queries = q.dim(1);
    int keys = k.dim(1);
    int channels = q.dim(2);
    int values = v.dim(2);
    long most =
        (long) Script.maxSpikes(q)
            * Script.maxSpikes(k)
            * Script.maxSpikes(v)
            * keys
            * (channels / heads);
    if (most > Integer.MAX_VALUE) {
      throw new Unsupported("sums of up to " + most + " do not fit 32 bits");
    }
    float factor = (float) (scale * q.scale() * k.scale() * v.scale());
    long linear = ((long) keys + queries) * channels / heads * values;
    long byScores = (long) keys * queries * (channels + values);
    if (linear <= byScores) {
      Buffer sums =
          script.add(
              Operation.KEY_VALUE,
              "attention",
              Buffer.Type.INTS,
              Shape.size(n, heads, channels / heads, values / heads),
              List.of(script.buffer(k), script.buffer(v)),
              new int[] {n, keys, channels, values, heads});
      int[] sizes = {n, queries, channels, values, heads};
      List<Buffer> inputs = List.of(script.buffer(q), sums);
      return script.real(Operation.QUERY_VALUE, "attention", inputs, sizes, shape, factor);
    }
    Buffer scores =
        script.add(
            Operation.QUERY_KEY,
            "attention",
            Buffer.Type.INTS,
            Shape.size(n, heads, queries, keys),
            List.of(script.buffer(q), script.buffer(k)),
            new int[] {n, queries, keys, channels, heads});
    int[] sizes = {n, queries, keys, values, heads};
    List<Buffer> inputs = List.of(scores, script.buffer(v));
    return script.real(Operation.SCORE_VALUE, "attention", inputs, sizes, shape, factor);
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    SHAPES.deformSample(v, offset, mask, groups);
    int[] sizes = {v.dim(0), v.dim(1), v.dim(2), v.dim(3), groups};
    List<Buffer> inputs = List.of(script.buffer(v), script.buffer(offset), script.buffer(mask));
    float scale = (float) mask.scale();
    return script.real(Operation.DEFORM_SAMPLE, "deformSample", inputs, sizes, v.shape(), scale);
  }

  private List<Buffer> resizing(Tensor x, int height, int width) {
    Constants.Axis rows = constants.axis(x.dim(1), height);
    Constants.Axis columns = constants.axis(x.dim(2), width);
    return new ArrayList<>(
        List.of(
            script.buffer(x),
            rows.low(),
            rows.high(),
            rows.minusWeight(),
            columns.low(),
            columns.high(),
            columns.minusWeight()));
  }

  private static int[] resizeSizes(Tensor x, int height, int width) {
    return new int[] {x.dim(0), x.dim(1), x.dim(2), x.dim(3), height, width};
  }

  @Override
  public Tensor resizeBilinear(Tensor x, int height, int width) {
    int[] shape = SHAPES.resizeBilinear(x, height, width);
    List<Buffer> inputs = resizing(x, height, width);
    int[] sizes = resizeSizes(x, height, width);
    return script.real(Operation.RESIZE_BILINEAR, "resizeBilinear", inputs, sizes, shape);
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    int[] shape = SHAPES.resizeNearest(x, height, width);
    List<Buffer> inputs =
        List.of(script.buffer(x), nearest(x.dim(1), height), nearest(x.dim(2), width));
    int[] sizes = resizeSizes(x, height, width);
    return script.like(Operation.RESIZE_NEAREST, x, inputs, sizes, shape);
  }

  private static Buffer nearest(int in, int out) {
    int[] places = new int[out];
    for (int i = 0; i < out; i++) {
      places[i] = (int) ((long) i * in / out);
    }
    return Buffer.constant(places);
  }

  @Override
  public Tensor padWithShift(Tensor x, BatchNorm norm) {
    int[] sizes = x.shape();
    int[] shape = SHAPES.padWithShift(x, norm);
    List<Buffer> inputs = List.of(script.buffer(x), constants.of(norm).shift());
    return script.real(Operation.PAD, "padWithShift", inputs, sizes, shape);
  }

  @Override
  public Tensor transpose(Tensor x) {
    int[] shape = SHAPES.transpose(x);
    List<Buffer> in = List.of(script.buffer(x));
    return script.like(Operation.TRANSPOSE, x, in, x.shape(), shape);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    SHAPES.sigmoid(x);
    int[] sizes = {x.size()};
    return script.real(
        Operation.SIGMOID,
        "sigmoid",
        List.of(script.buffer(x), constants.powers()),
        sizes,
        x.shape());
  }

  @Override
  public Tensor softmax(Tensor x) {
    SHAPES.softmax(x);
    int[] sizes = {x.size() / x.dim(-1), x.dim(-1)};
    return script.real(
        Operation.SOFTMAX,
        "softmax",
        List.of(script.buffer(x), constants.powers()),
        sizes,
        x.shape());
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    int[] shape = SHAPES.concat(parts);
    Tensor first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    List<int[]> moves = new ArrayList<>();
    int at = 0;
    int most = 0;
    for (Tensor part : parts) {
      moves.add(new int[] {part.size(), 0, at});
      at += part.size();
      most = Math.max(most, Script.maxSpikes(part));
    }
    Buffer out = script.copy(first, Shape.size(shape), parts, moves);
    return first.dtype() == DType.SPIKES
        ? Symbol.spikes(out, first.scale(), most, shape)
        : Symbol.real(out, shape);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    int[] shape = SHAPES.slice(x, from, to);
    if (shape[0] == x.dim(0)) {
      return x;
    }
    int row = x.size() / x.dim(0);
    int size = Shape.size(shape);
    return Script.like(
        x, script.copy(x, size, List.of(x), List.of(new int[] {size, from * row, 0})), shape);
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    int[] shape = SHAPES.repeat(x, n);
    if (n == 1) {
      return x.reshape(shape);
    }
    List<Tensor> parts = new ArrayList<>();
    List<int[]> moves = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      parts.add(x);
      moves.add(new int[] {x.size(), 0, i * x.size()});
    }
    return Script.like(x, script.copy(x, Shape.size(shape), parts, moves), shape);
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    int[] shape = SHAPES.meanTime(x, groups, timeSteps);
    if (timeSteps == 1) {
      return x;
    }
    int[] sizes = {groups, timeSteps, x.size() / groups / timeSteps};
    return script.real(Operation.MEAN_TIME, "meanTime", List.of(script.buffer(x)), sizes, shape);
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    int[] shape = SHAPES.product(a, b);
    List<Buffer> inputs = new ArrayList<>(List.of(script.buffer(a), script.buffer(b)));
    if (b.dtype() == DType.SPIKES) {
      inputs.add(constants.spikeValues(b.scale()));
    }
    int[] sizes = {a.dim(0), a.dim(1), b.dim(1), a.dim(2), b.dim(1)};
    return script.real(Operation.PRODUCT, "product", inputs, sizes, shape);
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    int[] shape = SHAPES.semanticLogits(cls, masks, height, width);
    List<Buffer> inputs = semantic(cls, masks, height, width);
    int[] sizes = semanticSizes(cls, height, width);
    return script.real(Operation.PRODUCT, "semanticLogits", inputs, sizes, shape);
  }

  @Override
  public Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
    SHAPES.semanticLabels(cls, masks, height, width);
    List<Buffer> inputs = semantic(cls, masks, height, width);
    int[] sizes = semanticSizes(cls, height, width);
    return labels(Operation.PRODUCT_ARGMAX, inputs, sizes, cls.dim(0), height, width);
  }

  private static int[] semanticSizes(Tensor cls, int height, int width) {
    return new int[] {cls.dim(0), height * width, cls.dim(2) - 1, cls.dim(1), cls.dim(2)};
  }

  /** Masks as probabilities [B, pixels, Q] and class shares [B, K+1, Q]. */
  private List<Buffer> semantic(Tensor cls, Tensor masks, int height, int width) {
    Tensor shares = transpose(softmax(cls));
    List<Buffer> resizing = resizing(masks, height, width);
    resizing.add(constants.powers());
    int[] shape = {masks.dim(0), height * width, masks.dim(3)};
    int[] sizes = resizeSizes(masks, height, width);
    Tensor pixels = script.real(Operation.RESIZE_SIGMOID, "masks", resizing, sizes, shape);
    return List.of(script.buffer(pixels), script.buffer(shares));
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    SHAPES.labels(logits, height, width);
    boolean same = logits.dim(1) == height && logits.dim(2) == width;
    return labels(
        same ? Operation.ARGMAX : Operation.RESIZE_ARGMAX,
        same ? List.of(script.buffer(logits)) : resizing(logits, height, width),
        same
            ? new int[] {logits.size() / logits.dim(3), logits.dim(3)}
            : resizeSizes(logits, height, width),
        logits.dim(0),
        height,
        width);
  }

  private Tensor labels(
      Operation operation, List<Buffer> inputs, int[] sizes, int batch, int height, int width) {
    int length = Shape.size(batch, height, width);
    Buffer out = script.add(operation, "labels", Buffer.Type.BYTES, length, inputs, sizes);
    return Symbol.spikes(out, 1, Symbol.MOST_SPIKES, batch, height, width);
  }
}
