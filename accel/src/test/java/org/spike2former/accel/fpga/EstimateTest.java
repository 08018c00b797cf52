package org.spike2former.accel.fpga;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spike2former.accel.fpga.KernelShape.Kind;
import org.spike2former.accel.fpga.KernelShape.Output;
import org.spike2former.tensor.layer.Window;

/** Estimates worked out by hand, by the formulas of docs/fpga.md. */
class EstimateTest {
  @Test
  void aDenseLayerWithSpikes() {
    Window window = new Window(1, 6, 5, 40, 72, 3, 3, 1, 1, 6, 5);
    Estimate estimate = Estimate.of(new KernelShape(Kind.DENSE, window, Output.SPIKES, 4));
    int steps = 9 * 10; // taps times words of 4 of 40 channels
    int groups = 5; // of 16 of 72 channels
    assertThat(estimate.multipliers()).isEqualTo(64);
    assertThat(estimate.floatMultiplyAdds()).isZero();
    // Weights, thresholds, three rows of 7 pixels, and the spikes of a pixel.
    assertThat(estimate.memoryBits()).isEqualTo(512L * (groups * steps + groups * 4 + 3 * 7 + 2));
    // Weights and thresholds, padded map, sums, spikes.
    assertThat(estimate.cycles())
        .isEqualTo(groups * steps + groups * 4 + 8 * 7 + 30 * groups * (steps + 20) + 30 * 2);
    assertThat(estimate.readBytes()).isEqualTo(64 * (groups * steps + groups * 4 + 30));
    assertThat(estimate.writtenBytes()).isEqualTo(64 * 30 * 2);
    assertThat(estimate.milliseconds()).isEqualTo(estimate.cycles() / 200e3);
  }

  @Test
  void aLargeLinearLayerWithAResidual() {
    Window window = Window.pointwise(10, 1440, 360);
    KernelShape shape = new KernelShape(Kind.LINEAR, window, Output.RESIDUAL, 0);
    Estimate estimate = Estimate.of(shape);
    int steps = 360;
    int groups = 24; // 23 of 16 channels, in lines of four
    assertThat(shape.slabs()).isEqualTo(3);
    assertThat(estimate.floatMultiplyAdds()).isEqualTo(16);
    assertThat(estimate.memoryBits()).isEqualTo(512L * (8 * steps + 23 + 8 * 2));
    assertThat(estimate.cycles())
        .isEqualTo(groups * steps + groups * 2 + 3 * 10 * 23 + 10 * groups * (steps + 20));
    assertThat(estimate.readBytes())
        .isEqualTo(64 * (groups * steps + groups * 2 + 3 * 10 * 23 + 10 * groups));
    assertThat(estimate.writtenBytes()).isEqualTo(64 * 10 * groups);
  }

  @Test
  void aDepthwiseLayer() {
    Window window = new Window(2, 9, 9, 72, 72, 7, 7, 2, 3, 5, 5);
    Estimate estimate = Estimate.of(new KernelShape(Kind.DEPTHWISE, window, Output.FLOATS, 0));
    assertThat(estimate.multipliers()).isEqualTo(16);
    assertThat(estimate.memoryBits()).isEqualTo(512L * (49 * 2 + 7 * 15 * 2 + 5 * 2));
    assertThat(estimate.cycles()).isEqualTo(49 * 2 + 5 * 2 + 2 * 15 * 15 * 2 + 50 * 5 * (49 + 20));
  }
}
