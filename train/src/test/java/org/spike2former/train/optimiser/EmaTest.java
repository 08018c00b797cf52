package org.spike2former.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

class EmaTest {
  private final ParameterSet parameters = new ParameterSet();
  private final Parameter weight = parameters.add(new Parameter("x.weight", true, 1));
  private final Parameter count = parameters.add(new Parameter("x.num_batches_tracked", false));

  private void set(double value, double batches) {
    weight.set(Tensor.of(new double[] {value}, 1));
    count.set(Tensor.of(new double[] {batches}));
  }

  @Test
  void averages() {
    set(1, 0);
    Ema ema = new Ema(parameters, 0.25);
    set(2, 1);
    ema.update();
    double first = 1 + (1 - 2.0 / 11);
    assertThat(ema.values().get("x.weight").get(0)).isCloseTo(first, within(1e-15));
    assertThat(ema.values().get("x.num_batches_tracked").get(0)).isEqualTo(1);
    assertThat(weight.value().get(0)).isEqualTo(2);
    ema.restore(ema.values(), 100);
    ema.update();
    assertThat(ema.values().get("x.weight").get(0))
        .isCloseTo(first + 0.75 * (2 - first), within(1e-15));
    assertThat(ema.step()).isEqualTo(101);
    assertThatThrownBy(() -> ema.restore(Map.of(), 1)).hasMessage("the averages lack x.weight");
  }
}
