package org.spike2former.accel.fpga;

import static org.spike2former.accel.fpga.KernelShape.LANES;
import static org.spike2former.accel.fpga.KernelShape.LINE;

import org.spike2former.accel.fpga.KernelShape.Kind;
import org.spike2former.accel.fpga.KernelShape.Output;
import org.spike2former.tensor.layer.Window;

/**
 * What a kernel takes of an FPGA by the generator's own numbers; the formulas are in {@code
 * docs/fpga.md}. A vendor's compiler decides otherwise.
 *
 * @param multipliers 8×8-bit multipliers
 * @param floatMultiplyAdds float32 fused multiply-adds side by side
 * @param memoryBits bits of arrays on the chip
 * @param cycles of one run
 * @param readBytes from memory in a run
 * @param writtenBytes to memory in a run
 */
public record Estimate(
    int multipliers,
    int floatMultiplyAdds,
    long memoryBits,
    long cycles,
    long readBytes,
    long writtenBytes) {
  /** Cycles a second for which times are given. */
  public static final long CLOCK = 200_000_000;

  /** Cycles until the last iteration of a pipelined loop has its result: an assumption. */
  static final int LATENCY = 20;

  /** The estimate of a kernel. */
  public static Estimate of(KernelShape shape) {
    Window g = shape.window();
    long weightLines =
        shape.kind() == Kind.DEPTHWISE
            ? (long) shape.taps() * shape.inLines()
            : (long) shape.groups() * shape.steps();
    int perGroup = shape.isSpikes() ? shape.maxSpikes() : 2;
    long parameterLines = (long) shape.groups() * perGroup;
    long loads =
        shape.kind() == Kind.LINEAR
            ? (long) g.outPixels() * shape.inLines()
            : (long) g.n() * shape.paddedHeight() * shape.paddedWidth() * shape.inLines();
    long stores = (long) g.outPixels() * shape.outLines();
    long sums = (long) g.outPixels() * shape.groups() * (shape.steps() + LATENCY);
    long residualLines =
        shape.output() == Output.RESIDUAL ? (long) g.outPixels() * shape.groups() : 0;
    return new Estimate(
        shape.unroll(),
        shape.isSpikes() ? 0 : LANES,
        8 * (memoryLines(shape, weightLines) + (long) shape.slab() * perGroup) * LINE,
        weightLines
            + parameterLines
            + shape.slabs() * loads
            + sums
            + (shape.isSpikes() ? stores : 0),
        (weightLines
                + parameterLines
                + (long) shape.slabs() * shape.inPixels() * shape.inLines()
                + residualLines)
            * LINE,
        stores * LINE);
  }

  /** Lines of weights, incoming pixels and a pixel's spikes. */
  private static long memoryLines(KernelShape shape, long weightLines) {
    long rows = shape.kind() == Kind.LINEAR ? 1 : (long) shape.window().kh() * shape.paddedWidth();
    return weightLines / shape.slabs()
        + rows * shape.inLines()
        + (shape.isSpikes() ? shape.slabLines() : 0);
  }

  /** Milliseconds of a run at {@link #CLOCK}. */
  public double milliseconds() {
    return 1e3 * cycles / CLOCK;
  }
}
