package org.spike2former.accel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.BatchNorm;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.WeightLayer;
import org.spike2former.tensor.WeightType;

/**
 * Operations that are written down as {@link Step}s instead of being done. At least one input is a
 * {@link Symbol}.
 */
final class Recorder implements Ops {
  private static final int[] NONE = {};

  private final Kernels kernels;
  private final WeightType weights;
  private final Constants constants = new Constants();
  private final Steps steps = new Steps();

  Recorder(Kernels kernels, WeightType weights) {
    this.kernels = kernels;
    this.weights = weights;
  }

  List<Step> steps() {
    return steps.list();
  }

  /** The buffer of a tensor: a symbol's, or a constant. */
  Buffer buffer(Tensor x) {
    return x instanceof Symbol symbol ? symbol.buffer() : constants.of(x);
  }

  private void require(Operation operation) {
    String missing = kernels.missing(operation);
    if (missing != null) {
      throw new Unsupported(missing);
    }
  }

  private Buffer add(
      Operation operation,
      String name,
      Buffer.Type type,
      int length,
      List<Buffer> inputs,
      int[] sizes,
      float... factors) {
    require(operation);
    Buffer output = Buffer.of(type, length);
    steps.add(new Step(operation, name, inputs, output, sizes, factors, null));
    return output;
  }

  private Symbol real(
      Operation operation, String name, List<Buffer> inputs, int[] sizes, int[] shape, float... f) {
    int length = Shape.size(shape);
    return Symbol.real(add(operation, name, Buffer.Type.FLOATS, length, inputs, sizes, f), shape);
  }

  /** A result of x's type; the buffers are those that one of x's type has. */
  private Symbol like(
      Operation operation, Tensor x, List<Buffer> inputs, int[] sizes, int... shape) {
    Buffer.Type type = x.dtype() == DType.SPIKES ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    String name = operation.name().toLowerCase(Locale.ROOT);
    return like(x, add(operation, name, type, Shape.size(shape), inputs, sizes), shape);
  }

  private static Symbol like(Tensor x, Buffer buffer, int... shape) {
    return x.dtype() == DType.SPIKES
        ? Symbol.spikes(buffer, x.scale(), maxSpikes(x), shape)
        : Symbol.real(buffer, shape);
  }

  private static int maxSpikes(Tensor x) {
    return x instanceof Symbol symbol ? symbol.maxSpikes() : Symbol.MOST_SPIKES;
  }

  /** A step that the host does, with a result of this shape. */
  Tensor host(String name, List<Symbol> inputs, Tensor shape, Step.HostFunction function) {
    Buffer.Type type = shape.dtype() == DType.SPIKES ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    Buffer output = Buffer.of(type, shape.size());
    List<Buffer> buffers = inputs.stream().map(Symbol::buffer).toList();
    steps.add(new Step(Operation.HOST, name, buffers, output, NONE, new float[0], function));
    return like(shape, output, shape.shape());
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
    steps.observe(block);
    return output;
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    int[] sizes = {x.size(), maxSpikes};
    Buffer out =
        add(Operation.SPIKES, "spikes", Buffer.Type.BYTES, x.size(), List.of(buffer(x)), sizes);
    return Symbol.spikes(out, scale, maxSpikes, x.shape());
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    int[] sizes = {x.size()};
    List<Buffer> in = List.of(buffer(x));
    Buffer out =
        add(Operation.FIRE, "fire", Buffer.Type.BYTES, x.size(), in, sizes, (float) threshold);
    return Symbol.spikes(out, scale, 1, x.shape());
  }

  @Override
  public Tensor layer(Tensor x, WeightLayer layer) {
    Window window = Window.of(x, layer);
    Buffer out = convolve(x, layer, window, Buffer.Type.FLOATS, 0, null);
    return Symbol.real(out, window.shape());
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    Window window = Window.of(x, layer);
    Buffer out = convolve(x, layer, window, Buffer.Type.BYTES, maxSpikes, null);
    return Symbol.spikes(out, scale, maxSpikes, window.shape());
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    Window window = Window.of(x, layer);
    if (residual.size() != Shape.size(window.shape())) {
      throw new ShapeException(
          layer.name()
              + ": "
              + Shape.toString(window.shape())
              + " does not add to "
              + Shape.toString(residual.shape()));
    }
    Buffer out = convolve(x, layer, window, Buffer.Type.FLOATS, 0, buffer(residual));
    return Symbol.real(out, residual.shape());
  }

  private Buffer convolve(
      Tensor x,
      WeightLayer layer,
      Window window,
      Buffer.Type type,
      int maxSpikes,
      Buffer residual) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    boolean int8 = weights == WeightType.INT8 && x.dtype() == DType.SPIKES;
    List<Buffer> inputs = new ArrayList<>(List.of(buffer(x)));
    Operation operation;
    if (int8) {
      operation = depthwise ? Operation.INT8_DEPTHWISE : Operation.INT8_DENSE;
      inputs.addAll(int8(x, layer, type == Buffer.Type.BYTES ? maxSpikes : 0));
    } else {
      operation = depthwise ? Operation.DEPTHWISE : Operation.DENSE;
      Constants.Layer folded = constants.of(layer, x.scale());
      inputs.addAll(List.of(folded.weights(), folded.bias()));
    }
    if (residual != null) {
      inputs.add(residual);
    }
    int length = Shape.size(window.shape());
    return add(operation, layer.name(), type, length, inputs, window.sizes(maxSpikes));
  }

  /** Weights and thresholds, or weights, scales and biases where no neuron follows. */
  private List<Buffer> int8(Tensor x, WeightLayer layer, int maxSpikes) {
    Constants.Int8 folded = constants.int8(layer, x.scale());
    int most = folded.layer().maxSpike();
    if (maxSpikes(x) > most) {
      throw new Unsupported(
          layer.name() + " sums spikes of at most " + most + " with 8-bit weights");
    }
    return maxSpikes > 0
        ? List.of(folded.weights(), Buffer.constant(folded.layer().thresholds(maxSpikes)))
        : List.of(folded.weights(), folded.scale(), folded.bias());
  }

  @Override
  public Tensor batchNorm(Tensor x, BatchNorm norm) {
    Constants.Norm folded = constants.of(norm);
    List<Buffer> inputs = List.of(buffer(x), folded.factor(), folded.shift());
    int[] sizes = {x.size() / norm.channels(), norm.channels()};
    return real(Operation.AFFINE, norm.name(), inputs, sizes, x.shape());
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return sum(Operation.ADD, a, b);
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    return sum(Operation.SUBTRACT, a, b);
  }

  private Tensor sum(Operation operation, Tensor a, Tensor b) {
    String name = operation.name().toLowerCase(Locale.ROOT);
    Shape.require(name, a.shape(), b.shape());
    return real(operation, name, List.of(buffer(a), buffer(b)), new int[] {a.size()}, a.shape());
  }

  @Override
  public Tensor multiply(Tensor x, double factor) {
    List<Buffer> inputs = new ArrayList<>(List.of(buffer(x)));
    if (x.dtype() == DType.SPIKES) {
      inputs.add(constants.spikeValues(x.scale()));
    }
    int[] sizes = {x.size()};
    return real(Operation.MULTIPLY, "multiply", inputs, sizes, x.shape(), (float) factor);
  }

  @Override
  public Tensor addTable(Tensor x, Tensor table) {
    int[] sizes = {x.size() / table.size(), table.size()};
    List<Buffer> inputs = List.of(buffer(x), buffer(table));
    return real(Operation.ADD_TABLE, "addTable", inputs, sizes, x.shape());
  }

  @Override
  public Tensor addScaled(Tensor x, Tensor gamma, Tensor y) {
    Shape.require("addScaled", x.shape(), y.shape());
    int[] sizes = {x.size() / gamma.size(), gamma.size()};
    List<Buffer> inputs = List.of(buffer(x), buffer(gamma), buffer(y));
    return real(Operation.ADD_SCALED, "addScaled", inputs, sizes, x.shape());
  }

  /** The order of the two products does not change the sums, so the cheaper one is chosen. */
  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    int n = q.dim(0);
    int queries = q.dim(1);
    int keys = k.dim(1);
    int channels = q.dim(2);
    int values = v.dim(2);
    long most = (long) maxSpikes(q) * maxSpikes(k) * maxSpikes(v) * keys * (channels / heads);
    if (most > Integer.MAX_VALUE) {
      throw new Unsupported("sums of up to " + most + " do not fit 32 bits");
    }
    float factor = (float) (scale * q.scale() * k.scale() * v.scale());
    int[] shape = {n, queries, values};
    long linear = ((long) keys + queries) * channels / heads * values;
    long byScores = (long) keys * queries * (channels + values);
    if (linear <= byScores) {
      Buffer sums =
          add(
              Operation.KEY_VALUE,
              "attention",
              Buffer.Type.INTS,
              Shape.size(n, heads, channels / heads, values / heads),
              List.of(buffer(k), buffer(v)),
              new int[] {n, keys, channels, values, heads});
      int[] sizes = {n, queries, channels, values, heads};
      List<Buffer> inputs = List.of(buffer(q), sums);
      return real(Operation.QUERY_VALUE, "attention", inputs, sizes, shape, factor);
    }
    Buffer scores =
        add(
            Operation.QUERY_KEY,
            "attention",
            Buffer.Type.INTS,
            Shape.size(n, heads, queries, keys),
            List.of(buffer(q), buffer(k)),
            new int[] {n, queries, keys, channels, heads});
    int[] sizes = {n, queries, keys, values, heads};
    List<Buffer> inputs = List.of(scores, buffer(v));
    return real(Operation.SCORE_VALUE, "attention", inputs, sizes, shape, factor);
  }

  @Override
  public Tensor deformSample(Tensor v, Tensor offset, Tensor mask, int groups) {
    int[] sizes = {v.dim(0), v.dim(1), v.dim(2), v.dim(3), groups};
    List<Buffer> inputs = List.of(buffer(v), buffer(offset), buffer(mask));
    float scale = (float) mask.scale();
    return real(Operation.DEFORM_SAMPLE, "deformSample", inputs, sizes, v.shape(), scale);
  }

  private List<Buffer> resizing(Tensor x, int height, int width) {
    Constants.Axis rows = constants.axis(x.dim(1), height);
    Constants.Axis columns = constants.axis(x.dim(2), width);
    return new ArrayList<>(
        List.of(
            buffer(x),
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
    int[] shape = {x.dim(0), height, width, x.dim(3)};
    List<Buffer> inputs = resizing(x, height, width);
    int[] sizes = resizeSizes(x, height, width);
    return real(Operation.RESIZE_BILINEAR, "resizeBilinear", inputs, sizes, shape);
  }

  @Override
  public Tensor resizeNearest(Tensor x, int height, int width) {
    List<Buffer> inputs = List.of(buffer(x), nearest(x.dim(1), height), nearest(x.dim(2), width));
    int[] sizes = resizeSizes(x, height, width);
    return like(Operation.RESIZE_NEAREST, x, inputs, sizes, x.dim(0), height, width, x.dim(3));
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
    int[] shape = {x.dim(0), x.dim(1) + 2, x.dim(2) + 2, x.dim(3)};
    List<Buffer> inputs = List.of(buffer(x), constants.of(norm).shift());
    return real(Operation.PAD, "padWithShift", inputs, sizes, shape);
  }

  @Override
  public Tensor transpose(Tensor x) {
    List<Buffer> in = List.of(buffer(x));
    return like(Operation.TRANSPOSE, x, in, x.shape(), x.dim(0), x.dim(2), x.dim(1));
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    int[] sizes = {x.size()};
    return real(
        Operation.SIGMOID, "sigmoid", List.of(buffer(x), constants.powers()), sizes, x.shape());
  }

  @Override
  public Tensor softmax(Tensor x) {
    int[] sizes = {x.size() / x.dim(-1), x.dim(-1)};
    return real(
        Operation.SOFTMAX, "softmax", List.of(buffer(x), constants.powers()), sizes, x.shape());
  }

  @Override
  public Tensor concat(List<Tensor> parts) {
    Tensor first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    int[] shape = first.shape();
    shape[0] = parts.stream().mapToInt(part -> part.dim(0)).sum();
    List<int[]> moves = new ArrayList<>();
    int at = 0;
    int most = 0;
    for (Tensor part : parts) {
      moves.add(new int[] {part.size(), 0, at});
      at += part.size();
      most = Math.max(most, maxSpikes(part));
    }
    Buffer out = copy(first, Shape.size(shape), parts, moves);
    return first.dtype() == DType.SPIKES
        ? Symbol.spikes(out, first.scale(), most, shape)
        : Symbol.real(out, shape);
  }

  @Override
  public Tensor slice(Tensor x, int from, int to) {
    int[] shape = x.shape();
    if (from == 0 && to == shape[0]) {
      return x;
    }
    int row = x.size() / shape[0];
    shape[0] = to - from;
    int size = Shape.size(shape);
    return like(x, copy(x, size, List.of(x), List.of(new int[] {size, from * row, 0})), shape);
  }

  @Override
  public Tensor repeat(Tensor x, int n) {
    int[] shape = new int[x.rank() + 1];
    shape[0] = n;
    System.arraycopy(x.shape(), 0, shape, 1, x.rank());
    if (n == 1) {
      return x.reshape(shape);
    }
    List<Tensor> parts = new ArrayList<>();
    List<int[]> moves = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      parts.add(x);
      moves.add(new int[] {x.size(), 0, i * x.size()});
    }
    return like(x, copy(x, Shape.size(shape), parts, moves), shape);
  }

  /** Copies parts of tensors to one buffer; a move is length, from, to. */
  private Buffer copy(Tensor like, int length, List<Tensor> parts, List<int[]> moves) {
    require(Operation.COPY);
    Buffer.Type type = like.dtype() == DType.SPIKES ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    Buffer out = Buffer.of(type, length);
    for (int i = 0; i < moves.size(); i++) {
      List<Buffer> in = List.of(buffer(parts.get(i)));
      steps.add(new Step(Operation.COPY, "copy", in, out, moves.get(i), new float[0], null));
    }
    return out;
  }

  @Override
  public Tensor meanTime(Tensor x, int groups, int timeSteps) {
    if (timeSteps == 1) {
      return x;
    }
    int[] shape = x.shape();
    shape[0] /= timeSteps;
    int[] sizes = {groups, timeSteps, x.size() / groups / timeSteps};
    return real(Operation.MEAN_TIME, "meanTime", List.of(buffer(x)), sizes, shape);
  }

  @Override
  public Tensor product(Tensor a, Tensor b) {
    List<Buffer> inputs = new ArrayList<>(List.of(buffer(a), buffer(b)));
    if (b.dtype() == DType.SPIKES) {
      inputs.add(constants.spikeValues(b.scale()));
    }
    int[] sizes = {a.dim(0), a.dim(1), b.dim(1), a.dim(2), b.dim(1)};
    return real(
        Operation.PRODUCT, "product", inputs, sizes, new int[] {a.dim(0), a.dim(1), b.dim(1)});
  }

  @Override
  public Tensor semanticLogits(Tensor cls, Tensor masks, int height, int width) {
    List<Buffer> inputs = semantic(cls, masks, height, width);
    int[] sizes = semanticSizes(cls, height, width);
    int[] shape = {cls.dim(0), height, width, cls.dim(2) - 1};
    return real(Operation.PRODUCT, "semanticLogits", inputs, sizes, shape);
  }

  @Override
  public Tensor semanticLabels(Tensor cls, Tensor masks, int height, int width) {
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
    Tensor pixels = real(Operation.RESIZE_SIGMOID, "masks", resizing, sizes, shape);
    return List.of(buffer(pixels), buffer(shares));
  }

  @Override
  public Tensor labels(Tensor logits, int height, int width) {
    boolean same = logits.dim(1) == height && logits.dim(2) == width;
    return labels(
        same ? Operation.ARGMAX : Operation.RESIZE_ARGMAX,
        same ? List.of(buffer(logits)) : resizing(logits, height, width),
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
    Buffer out = add(operation, "labels", Buffer.Type.BYTES, length, inputs, sizes);
    return Symbol.spikes(out, 1, Symbol.MOST_SPIKES, batch, height, width);
  }
}
