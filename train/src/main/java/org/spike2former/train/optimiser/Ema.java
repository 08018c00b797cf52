package org.spike2former.train.optimiser;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/**
 * An exponential moving average of all weights and running statistics, which often segments better
 * than the weights themselves. Early steps weigh more: the decay is {@code min(decay, (1 + n)/(10 +
 * n))} at step n. Batch counts are copied.
 */
public final class Ema {
  public static final String BATCH_COUNT = ".num_batches_tracked";

  private final ParameterSet parameters;
  private final double decay;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();
  private long step;

  /**
   * An average that begins at the present values.
   *
   * @throws IllegalArgumentException unless {@code 0 ≤ decay < 1}
   */
  public Ema(ParameterSet parameters, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("EMA: expected 0 <= decay < 1, found " + decay);
    }
    this.parameters = parameters;
    this.decay = decay;
    for (Parameter parameter : parameters.all()) {
      averages.put(parameter.name(), parameter.value().copy());
    }
  }

  /** Takes the present values in. */
  public void update() {
    step++;
    double weight = 1 - Math.min(decay, (1.0 + step) / (10.0 + step));
    for (Parameter parameter : parameters.all()) {
      Tensor value = parameter.value();
      Tensor average = averages.get(parameter.name());
      if (parameter.name().endsWith(BATCH_COUNT) || average.dtype() != value.dtype()) {
        averages.put(parameter.name(), value.copy());
      } else if (value.dtype() == DType.F32) {
        approach(average.floats(), value.floats(), (float) weight);
      } else {
        approach(average.doubles(), value.doubles(), weight);
      }
    }
  }

  private static void approach(float[] average, float[] value, float weight) {
    for (int i = 0; i < average.length; i++) {
      average[i] += weight * (value[i] - average[i]);
    }
  }

  private static void approach(double[] average, double[] value, double weight) {
    for (int i = 0; i < average.length; i++) {
      average[i] += weight * (value[i] - average[i]);
    }
  }

  /** Steps taken in. */
  public long step() {
    return step;
  }

  /** The averages by parameter name; not copies. */
  public Map<String, Tensor> values() {
    return averages;
  }

  /**
   * Goes on from {@link #values()}, which are copied, after that many steps.
   *
   * @throws IllegalArgumentException naming a parameter that they lack
   */
  public void restore(Map<String, Tensor> values, long steps) {
    for (Parameter parameter : parameters.all()) {
      Tensor value = values.get(parameter.name());
      if (value == null) {
        throw new IllegalArgumentException("the averages lack " + parameter.name());
      }
      averages.put(parameter.name(), value.to(parameter.value().dtype()).copy());
    }
    step = steps;
  }
}
