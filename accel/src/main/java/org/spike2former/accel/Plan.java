package org.spike2former.accel;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightType;

/**
 * A computation as a list of steps, for inputs of one shape; it is made once and run often.
 *
 * @param steps in order
 * @param inputs what the host gives to each run
 * @param output what the host gets
 * @param result shape, type and scale of the output; null where nobody asks
 */
public record Plan(List<Step> steps, List<Buffer> inputs, Buffer output, Tensor result) {
  /** A computation on several tensors. */
  @FunctionalInterface
  public interface Function {
    /** Computes with these operations. */
    Tensor apply(Ops ops, List<Tensor> inputs);
  }

  /** Copies the lists. */
  public Plan {
    steps = List.copyOf(steps);
    inputs = List.copyOf(inputs);
  }

  /**
   * Records what a function does to inputs like these.
   *
   * @param inputs whose numbers do not matter but for the greatest spike
   * @param capabilities what the device can do; all else the host does
   * @param host computes what does not depend on the inputs
   * @param weights how layers on spikes hold their weights
   */
  public static Plan of(
      Function function,
      List<Tensor> inputs,
      DeviceCapabilities capabilities,
      Ops host,
      WeightType weights) {
    RecordingOps recorder = new RecordingOps(capabilities, weights);
    List<Tensor> symbols = new ArrayList<>();
    List<Buffer> buffers = new ArrayList<>();
    for (Tensor input : inputs) {
      Symbol symbol = symbol(input);
      symbols.add(symbol);
      buffers.add(symbol.buffer());
    }
    Tensor result = function.apply(new TracingOps(recorder, host), symbols);
    Buffer output = recorder.builder().buffer(result);
    List<Step> steps = new Folding(output, capabilities).fold(recorder.builder().steps().list());
    return new Plan(Merging.merge(steps, output), buffers, output, result);
  }

  /** A single step, whose inputs that are not constant come from the host. */
  public static Plan of(Step step) {
    List<Buffer> inputs =
        step.inputs().stream().filter(buffer -> !buffer.isConstant()).distinct().toList();
    return new Plan(List.of(step), inputs, step.output(), null);
  }

  private static Symbol symbol(Tensor input) {
    Buffer buffer = PlanBuilder.bufferLike(input, input.size());
    return PlanBuilder.symbol(input, buffer, greatestSpike(input), input.shape());
  }

  /** What of an input a plan depends on; plans of equal kinds are equal. */
  static List<Object> kind(Tensor x) {
    return List.of(x.dtype(), x.scale(), greatestSpike(x), Shape.toString(x.shape()));
  }

  /** The greatest spike; 0 in real numbers and labels. */
  private static int greatestSpike(Tensor x) {
    int most = 0;
    if (x.dtype() == DType.SPIKES) {
      for (byte k : x.bytes()) {
        most = Math.max(most, k);
      }
    }
    return most;
  }

  /** The output's numbers as a tensor. */
  public Tensor result(Object numbers) {
    return tensor(result, numbers);
  }

  /** A tensor of x's type, scale and shape with these numbers, float[] or byte[]. */
  static Tensor tensor(Tensor x, Object numbers) {
    return switch (x.dtype()) {
      case F32, F64 -> Tensor.of((float[]) numbers, x.shape());
      case SPIKES -> Tensor.spikes((byte[]) numbers, x.scale(), x.shape());
      case LABELS -> Tensor.labels((byte[]) numbers, x.shape());
    };
  }

  /** What an array of a tensor is: float[] or byte[]. */
  static Object numbers(Tensor x) {
    return x.dtype().isReal() ? x.floats() : x.bytes();
  }
}
