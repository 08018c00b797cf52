package org.spike2former.accel;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Int8Convolution;

/**
 * A layer with 8-bit weights in a plan: which kernel computes it, and what it asks of a device.
 *
 * @param step an {@link Int8Convolution}, or one that is {@link Finished}
 */
public record Int8Work(Step step) {
  /** The layers with 8-bit weights, in the plan's order. */
  public static List<Int8Work> of(Plan plan) {
    return plan.steps().stream()
        .filter(
            step ->
                step.operation() instanceof Int8Convolution
                    || step.operation() instanceof Finished(Int8Convolution _, _))
        .map(Int8Work::new)
        .toList();
  }

  private Int8Convolution layer() {
    return step.operation() instanceof Finished(Int8Convolution layer, _)
        ? layer
        : (Int8Convolution) step.operation();
  }

  /** The kernel's name: kind of layer and of output, such as {@code int8_linear_spikes}. */
  public String kernel() {
    String kind = layer().isLinear() ? "int8_linear" : step.kind().name().toLowerCase(Locale.ROOT);
    return kind + "_" + output();
  }

  private String output() {
    if (step.operation() instanceof Finished) {
      return "finish";
    }
    return switch (layer().result()) {
      case Int8Convolution.Spikes _ -> "spikes";
      case Int8Convolution.Potentials(_, _, Buffer residual) ->
          residual == null ? "floats" : "residual";
    };
  }

  /** Multiply-adds of a run, those by zero spikes and outside the map included. */
  public long multiplyAdds() {
    return layer().multiplyAdds();
  }

  /** Bytes of the weights. */
  public long weightBytes() {
    return layer().weights().bytes();
  }

  /** Bytes of the thresholds, or of scales, biases and what a finish reads for each channel. */
  public long parameterBytes() {
    Stream<Buffer> finish =
        step.operation() instanceof Finished(_, Finish terms)
            ? Stream.of(terms.factor(), terms.shift()).filter(Objects::nonNull)
            : Stream.of();
    return Stream.concat(layer().result().inputs().stream(), finish)
        .filter(Buffer::isConstant)
        .mapToLong(Buffer::bytes)
        .sum();
  }

  /** Bytes of the incoming spikes. */
  public long spikeBytes() {
    return layer().x().bytes();
  }
}
