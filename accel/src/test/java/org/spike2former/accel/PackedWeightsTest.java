package org.spike2former.accel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.tensor.layer.Window;

class PackedWeightsTest {
  private static final Window WINDOW = Window.pointwise(5, 8, 2);
  private static final Buffer SCALE = Buffer.constant(new float[2]);
  private static final Int8Convolution.Result SUMS =
      new Int8Convolution.Potentials(SCALE, SCALE, null);

  /** Weight of input channel i and output channel o: 10·i + o, negative where i is odd. */
  private static Int8Convolution layer() {
    byte[] weights = new byte[16];
    for (int i = 0; i < 8; i++) {
      for (int o = 0; o < 2; o++) {
        weights[2 * i + o] = (byte) ((10 * i + o) * (i % 2 == 0 ? 1 : -1));
      }
    }
    Buffer x = Buffer.of(Buffer.Type.BYTES, 40);
    Buffer out = Buffer.of(Buffer.Type.FLOATS, 10);
    return new Int8Convolution(false, x, Buffer.constant(weights), SUMS, WINDOW, out);
  }

  @Test
  void aPackHasFourInputChannelsTheFirstLowest() {
    Int8Convolution packed = layer().packed();
    int[] packs = (int[]) packed.weights().constant();
    assertThat(packs).hasSize(4);
    for (int pack = 0; pack < 2; pack++) {
      for (int o = 0; o < 2; o++) {
        for (int i = 0; i < 4; i++) {
          int channel = 4 * pack + i;
          int weight = (10 * channel + o) * (i % 2 == 0 ? 1 : -1);
          assertThat((byte) (packs[2 * pack + o] >> 8 * i)).isEqualTo((byte) weight);
        }
      }
    }
    assertThat(packed.packed()).isSameAs(packed);
  }

  @Test
  void whatMakesNoPacksStaysAsItIs() {
    Window seven = Window.pointwise(5, 7, 2);
    Buffer x = Buffer.of(Buffer.Type.BYTES, 35);
    Buffer out = Buffer.of(Buffer.Type.FLOATS, 10);
    Int8Convolution odd =
        new Int8Convolution(false, x, Buffer.constant(new byte[14]), SUMS, seven, out);
    assertThat(odd.packed()).isSameAs(odd);
    Buffer packs = Buffer.constant(new int[4]);
    assertThatThrownBy(() -> new Int8Convolution(false, x, packs, SUMS, seven, out))
        .hasMessageContaining("weights: expected BYTES[14]");
  }

  @Test
  void aPlanAsksForTheSameWorkWithPacks() {
    Int8Convolution layer = layer();
    Finish spikes = new Finish(null, null, null, null, Buffer.of(Buffer.Type.BYTES, 10), 4);
    Step alone = new Step("alone", "stage", layer);
    Step finished = new Step("finished", "stage", new Finished(layer, spikes));
    Plan plan = new Plan(List.of(alone, finished), List.of(layer.x()), layer.output(), null);
    Plan packed = PackedWeights.in(plan);
    for (int i = 0; i < 2; i++) {
      LaunchWork before = LaunchWork.of(plan.steps().get(i), Lanes.WARPS);
      LaunchWork after = LaunchWork.of(packed.steps().get(i), Lanes.WARPS);
      assertThat(after.step().inputs()).anyMatch(input -> input.type() == Buffer.Type.INTS);
      assertThat(after.operations()).isEqualTo(before.operations()).isEqualTo(2 * 5 * 16);
      assertThat(after.read()).isEqualTo(before.read());
      assertThat(after.workItems()).isEqualTo(2);
      assertThat(after.step().outputs()).isEqualTo(before.step().outputs());
    }
  }
}
