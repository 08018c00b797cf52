package org.spike2former.accel;

import java.util.List;
import java.util.Locale;

/**
 * A layer with 8-bit weights in a plan: which kernel computes it, and what it asks of a device.
 *
 * @param step {@link Operation#INT8_DENSE} or {@link Operation#INT8_DEPTHWISE}
 */
public record Int8Work(Step step) {
  private static final int WINDOW_HEIGHT = 5;
  private static final int WINDOW_WIDTH = 6;
  private static final int STRIDE = 7;
  private static final int PAD = 8;

  /** The layers with 8-bit weights, in the plan's order. */
  public static List<Int8Work> of(Plan plan) {
    return plan.steps().stream().filter(Int8Work::isInt8).map(Int8Work::new).toList();
  }

  private static boolean isInt8(Step step) {
    return step.operation() == Operation.INT8_DENSE || step.operation() == Operation.INT8_DEPTHWISE;
  }

  /** Whether a dense layer sees one pixel at a time, every one of them. */
  public boolean isLinear() {
    return step.operation() == Operation.INT8_DENSE
        && step.size(WINDOW_HEIGHT) * step.size(WINDOW_WIDTH) * step.size(STRIDE) == 1
        && step.size(PAD) == 0;
  }

  /** The kernel's name: kind of layer and of output, such as {@code int8_linear_spikes}. */
  public String kernel() {
    String layer = isLinear() ? "int8_linear" : step.operation().name().toLowerCase(Locale.ROOT);
    return layer + "_" + output();
  }

  private String output() {
    if (step.output().type() == Buffer.Type.BYTES) {
      return "spikes";
    }
    return step.inputs().size() == 5 ? "residual" : "floats";
  }

  /** Multiply-adds of a run, those by zero spikes and outside the map included. */
  public long multiplyAdds() {
    long pixels = step.output().length() / step.size(4);
    return pixels * step.input(1).length();
  }

  /** Bytes of the weights. */
  public long weightBytes() {
    return step.input(1).bytes();
  }

  /** Bytes of the thresholds, or of scales and biases. */
  public long parameterBytes() {
    return step.inputs().stream().skip(2).filter(Buffer::isConstant).mapToLong(Buffer::bytes).sum();
  }

  /** Bytes of the incoming spikes. */
  public long spikeBytes() {
    return step.input(0).bytes();
  }
}
