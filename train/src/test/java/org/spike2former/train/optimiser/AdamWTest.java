package org.spike2former.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

class AdamWTest {
  private static final double[] START = {0.5, -1.25, 3.0, 1e-3};

  /** Norms before clipping and weights after three steps of torch.optim.AdamW in float64. */
  private static final double[] NORMS = {
    0x1.032e24a2139d9p+1, 0x1.06526ab74f24fp+0, 0x1.43d1373427c92p-2
  };

  private static final double[][] WEIGHTS = {
    {0.49658333468323057, -1.2464583334008281, 2.9961680160180046, -0.0023334995500341326},
    {0.4905130677658665, -1.2393783954968476, 2.9887278887324156, -0.008792488082859425},
    {0.4820342183255705, -1.2310312455072296, 2.978046477206121, -0.008975494523321817}
  };

  private final Workers workers = new Workers(2);
  private final Parameter weight = new Parameter("decode_head.x.weight", true, 4);
  private final Parameter other = new Parameter("backbone.x.weight", true, 2);
  private final Parameter buffer = new Parameter("backbone.x.running_mean", false, 2);
  private final ParameterSet parameters = new ParameterSet();

  @BeforeEach
  void fill() {
    List.of(weight, other, buffer).forEach(parameters::add);
  }

  @AfterEach
  void stop() {
    workers.close();
  }

  /** Its updates would be lost. */
  @Test
  void aValueThatMayBeReadAgainIsRefused() {
    set(DType.F32);
    weight.set(weight.value(), () -> Tensor.zeros(DType.F32, 4));
    assertThatThrownBy(() -> new AdamW(parameters, AdamWConfig.release(1e-2, 0.05), workers))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("parameter decode_head.x.weight was loaded for inference alone");
  }

  private void set(DType type) {
    weight.set(Tensor.of(START.clone(), 4).to(type));
    other.set(Tensor.of(new double[] {1, 2}, 2).to(type));
    buffer.set(Tensor.of(new double[] {3, 4}, 2).to(type));
  }

  private static Tensor gradient(int i, DType type) {
    double[] g = {0.1 * (i + 1), -2.0 + i, 1e-4, 0.3 - 0.2 * i};
    return Tensor.of(g, 4).to(type);
  }

  private double step(AdamW optimiser, int i, DType type) {
    Tensor gradient = gradient(i, type);
    double norm = GradientClip.norm(List.of(gradient), workers);
    double factor = new GradientClip(0.5).factor(norm);
    optimiser.step(Map.of(weight, gradient)::get, factor, (i + 1) / 3.0);
    return norm;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void equalsPyTorch(DType type) {
    set(type);
    AdamW optimiser = new AdamW(parameters, AdamWConfig.release(1e-2, 0.05), workers);
    double tolerance = type == DType.F64 ? 1e-15 : 2e-7;
    for (int i = 0; i < 3; i++) {
      assertThat(step(optimiser, i, type)).isCloseTo(NORMS[i], within(tolerance * 3));
      for (int k = 0; k < 4; k++) {
        assertThat(weight.value().get(k)).isCloseTo(WEIGHTS[i][k], within(tolerance * 3));
      }
    }
    assertThat(optimiser.step()).isEqualTo(3);
    assertThat(other.value().get(1)).isEqualTo(2);
  }

  @Test
  void goesOnFromItsState() {
    set(DType.F32);
    AdamW whole = new AdamW(parameters, AdamWConfig.release(1e-2, 0.05), workers);
    step(whole, 0, DType.F32);
    Map<String, Tensor> state = whole.state();
    assertThat(state)
        .containsOnlyKeys(
            "exp_avg.decode_head.x.weight",
            "exp_avg_sq.decode_head.x.weight",
            "exp_avg.backbone.x.weight",
            "exp_avg_sq.backbone.x.weight");
    AdamW resumed = new AdamW(parameters, whole.config(), workers);
    resumed.restore(state, whole.step());
    Tensor before = weight.value().copy();
    step(whole, 1, DType.F32);
    Tensor after = weight.value().copy();
    weight.set(before);
    step(resumed, 1, DType.F32);
    assertThat(weight.value().bitEquals(after)).isTrue();
    assertThatThrownBy(() -> resumed.restore(Map.of(), 1))
        .hasMessage("the optimiser's state has no tensor exp_avg.decode_head.x.weight");
  }

  @Test
  void rulesDecideByName() {
    set(DType.F64);
    AdamWConfig config = AdamWConfig.release(1e-3, 0.005);
    assertThat(config.group("backbone.x.weight").lrFactor()).isEqualTo(0.1);
    assertThat(config.group("decode_head.query_feat.weight").decayFactor()).isZero();
    assertThat(config.group("decode_head.cls_embed.bias").decayFactor()).isEqualTo(1);
    AdamW optimiser = new AdamW(parameters, config, workers);
    optimiser.step(parameter -> parameter == other ? Tensor.of(new double[2], 2) : null, 1, 1);
    assertThat(other.value().get(1)).isEqualTo(2 * (1 - 1e-4 * 0.005));
    assertThat(weight.value().get(0)).isEqualTo(0.5);
  }
}
