package org.spike2former.accel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Operation;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;

/**
 * The state of a plan that is being recorded: its steps so far, their buffers, and what the device
 * can do.
 */
final class PlanBuilder {
  private final DeviceCapabilities capabilities;
  private final Constants constants = new Constants();
  private final StagedSteps steps = new StagedSteps();
  private final Map<List<Object>, Buffer> results = new HashMap<>();

  PlanBuilder(DeviceCapabilities capabilities) {
    this.capabilities = capabilities;
  }

  Constants constants() {
    return constants;
  }

  StagedSteps steps() {
    return steps;
  }

  /** The buffer of a tensor: a symbol's, or a constant. */
  Buffer buffer(Tensor x) {
    return x instanceof Symbol symbol ? symbol.buffer() : constants.of(x);
  }

  /** What spikes stand for; null for real numbers. */
  Buffer spikeValues(Tensor x) {
    return x.dtype() == DType.SPIKES ? constants.spikeValues(x.scale()) : null;
  }

  /**
   * Refuses what the device cannot do.
   *
   * @throws Unsupported saying why
   */
  void require(Operation.Kind kind) {
    String missing = capabilities.missing(kind);
    if (missing != null) {
      throw new Unsupported(missing);
    }
  }

  /** Adds a step, and returns its output. */
  Buffer add(String name, Operation operation) {
    require(operation.kind());
    steps.add(new Step(name, operation));
    return operation.output();
  }

  /** What a step gave before on the same inputs, or gives now. */
  Buffer once(List<Object> operation, Supplier<Buffer> step) {
    Buffer known = results.get(operation);
    if (known == null) {
      known = step.get();
      results.put(operation, known);
    }
    return known;
  }

  /** Adds a step whose result is real, in a buffer that is made for it. */
  Symbol real(String name, int[] shape, Function<Buffer, Operation> operation) {
    Buffer output = Buffer.of(Buffer.Type.FLOATS, Shape.size(shape));
    return Symbol.real(add(name, operation.apply(output)), shape);
  }

  /** A buffer for a tensor of x's type. */
  static Buffer bufferLike(Tensor x, int length) {
    return Buffer.of(x.dtype().isReal() ? Buffer.Type.FLOATS : Buffer.Type.BYTES, length);
  }

  /** A tensor of x's type in a buffer. */
  static Symbol like(Tensor x, Buffer buffer, int... shape) {
    return symbol(x, buffer, maxSpikes(x), shape);
  }

  /** A tensor of x's type, with spikes 0…maxSpikes if it has spikes. */
  static Symbol symbol(Tensor x, Buffer buffer, int maxSpikes, int... shape) {
    return switch (x.dtype()) {
      case F32, F64 -> Symbol.real(buffer, shape);
      case SPIKES -> Symbol.spikes(buffer, x.scale(), maxSpikes, shape);
      case LABELS -> Symbol.labels(buffer, shape);
    };
  }

  /** No spike of x is greater. */
  static int maxSpikes(Tensor x) {
    return x instanceof Symbol symbol ? symbol.maxSpikes() : Symbol.MOST_SPIKES;
  }

  /** A step that the host does, with a result of this shape. */
  Tensor host(
      String name, List<Symbol> inputs, Tensor shape, Function<List<Object>, Object> function) {
    List<Buffer> buffers = inputs.stream().map(Symbol::buffer).toList();
    Buffer output = bufferLike(shape, shape.size());
    steps.add(new Step(name, new HostCall(buffers, function, output)));
    return like(shape, output, shape.shape());
  }
}
