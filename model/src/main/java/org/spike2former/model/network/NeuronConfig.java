package org.spike2former.model.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * The neurons of one part of a network ({@code model.md} section 1). A key that the type does not
 * know is refused; one that is absent takes the type's default.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NeuronConfig(
    @JsonPropertyDescription("which neuron; absent: ni-lif")
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Type.Usual.class)
        Type type,
    @JsonPropertyDescription("D, the most spikes of an integer neuron") @Range(min = 1, max = 127)
        Integer maxSpikes,
    @JsonPropertyDescription("divisor of the spikes, for ni-lif") @Range(min = 1e-6, max = 1e6)
        Double norm,
    @JsonPropertyDescription("θ of a binary neuron; absent: 1") @Range(min = 1e-6, max = 1e6)
        Double threshold,
    @JsonPropertyDescription("β of the membrane between time steps; absent: 0, lif 0.5, if 1")
        @Range(min = 0, max = 1)
        Double decay) {
  /** Which neuron. */
  public enum Type {
    /** Integer spikes over a norm. */
    @JsonProperty("ni-lif")
    NI_LIF,
    /** Integer spikes that stand for themselves. */
    @JsonProperty("i-lif")
    I_LIF,
    /** Binary spikes, with a leak. */
    @JsonProperty("lif")
    LIF,
    /** Binary spikes, without a leak. */
    @JsonProperty("if")
    IF;

    /** Whether a neuron fires once or not at all. */
    boolean isBinary() {
      return this == LIF || this == IF;
    }

    /** Equals the type that is not written: files from before there were others name none. */
    static final class Usual {
      @Override
      public boolean equals(Object type) {
        return type == NI_LIF;
      }

      @Override
      public int hashCode() {
        return NI_LIF.hashCode();
      }
    }
  }

  /** Fills in the type's defaults and checks the values. */
  public NeuronConfig {
    type = type == null ? Type.NI_LIF : type;
    Ranges.check(NeuronConfig.class, type, maxSpikes, norm, threshold, decay);
    if (type.isBinary()) {
      refuse(type, "norm", norm);
      requireOne(type, "max_spikes", maxSpikes);
      maxSpikes = 1;
      threshold = threshold == null ? 1 : threshold;
    } else {
      refuse(type, "threshold", threshold);
      Ranges.require(NeuronConfig.class, "max_spikes", maxSpikes);
    }
    switch (type) {
      case NI_LIF -> {
        Ranges.require(NeuronConfig.class, "norm", norm);
        decay = decay == null ? 0 : decay;
      }
      case I_LIF -> {
        requireOne(type, "norm", norm);
        norm = null;
        decay = decay == null ? 0 : decay;
      }
      case LIF -> decay = decay == null ? 0.5 : decay;
      case IF -> {
        requireOne(type, "decay", decay);
        decay = 1.0;
      }
    }
  }

  private static void refuse(Type type, String key, Double value) {
    if (value != null) {
      throw BadValueException.of(key, "no such key for type " + Ranges.word(type), value);
    }
  }

  private static void requireOne(Type type, String key, Number value) {
    if (value != null && value.doubleValue() != 1) {
      throw BadValueException.of(key, "1 or no such key for type " + Ranges.word(type), value);
    }
  }

  /**
   * What one spike stands for.
   *
   * @param amplitude factor of the spikes
   */
  public double scale(double amplitude) {
    return norm == null ? amplitude : amplitude / norm;
  }

  /**
   * What the membrane of a binary neuron stays below if its input stays below 1 and it never fires.
   */
  double reach(int timeSteps) {
    double reach = 0;
    for (int t = 0; t < timeSteps; t++) {
      reach = decay * reach + 1;
    }
    return reach;
  }
}
