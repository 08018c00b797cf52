package org.spike2former.accel;

import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;

/** What a plan is written with: its steps so far, their buffers, and what the device can do. */
final class Script {
  private static final int[] NONE = {};

  private final Kernels kernels;
  private final Constants constants = new Constants();
  private final Steps steps = new Steps();

  Script(Kernels kernels) {
    this.kernels = kernels;
  }

  Constants constants() {
    return constants;
  }

  Steps steps() {
    return steps;
  }

  /** The buffer of a tensor: a symbol's, or a constant. */
  Buffer buffer(Tensor x) {
    return x instanceof Symbol symbol ? symbol.buffer() : constants.of(x);
  }

  void require(Operation operation) {
    String missing = kernels.missing(operation);
    if (missing != null) {
      throw new Unsupported(missing);
    }
  }

  /** Adds a step, and returns its output. */
  Buffer add(
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

  /** Adds a step whose result is real. */
  Symbol real(
      Operation operation, String name, List<Buffer> inputs, int[] sizes, int[] shape, float... f) {
    int length = Shape.size(shape);
    return Symbol.real(add(operation, name, Buffer.Type.FLOATS, length, inputs, sizes, f), shape);
  }

  /** Adds a step whose result is of x's type. */
  Symbol like(Operation operation, Tensor x, List<Buffer> inputs, int[] sizes, int... shape) {
    Buffer.Type type = x.dtype() == DType.SPIKES ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    String name = operation.name().toLowerCase(Locale.ROOT);
    return like(x, add(operation, name, type, Shape.size(shape), inputs, sizes), shape);
  }

  /** A tensor of x's type in a buffer. */
  static Symbol like(Tensor x, Buffer buffer, int... shape) {
    return x.dtype() == DType.SPIKES
        ? Symbol.spikes(buffer, x.scale(), maxSpikes(x), shape)
        : Symbol.real(buffer, shape);
  }

  /** No spike of x is greater. */
  static int maxSpikes(Tensor x) {
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

  /** Copies parts of tensors to one buffer; a move is length, from, to. */
  Buffer copy(Tensor like, int length, List<Tensor> parts, List<int[]> moves) {
    require(Operation.COPY);
    Buffer.Type type = like.dtype() == DType.SPIKES ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    Buffer out = Buffer.of(type, length);
    for (int i = 0; i < moves.size(); i++) {
      List<Buffer> in = List.of(buffer(parts.get(i)));
      steps.add(new Step(Operation.COPY, "copy", in, out, moves.get(i), new float[0], null));
    }
    return out;
  }
}
