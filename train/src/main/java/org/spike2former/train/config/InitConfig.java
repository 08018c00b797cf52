package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.nio.file.Path;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.model.network.Initialiser;

/** Where the weights of a run start. */
public record InitConfig(
    @JsonPropertyDescription(
            "a checkpoint of a network or a backbone, or a model folder; absent: from scratch")
        Path weights,
    @JsonPropertyDescription(
            "which of several networks in it: start of its names, or its dictionary")
        String weightsKey,
    @JsonPropertyDescription(
            "whether every name and shape has to fit; else what is missing is drawn")
        Boolean strict,
    @JsonPropertyDescription("how weights that it lacks are drawn") Initialiser.Scheme scheme,
    @JsonPropertyDescription("seed of these draws") Long seed,
    @JsonPropertyDescription("first value of the gamma vectors")
        @Range(min = 0, aboveMin = true, max = 10)
        Double layerScale) {
  /** Fills in the defaults. */
  public InitConfig {
    strict = strict != null && strict;
    scheme = scheme == null ? Initialiser.Scheme.RELEASE : scheme;
    seed = seed == null ? 0 : seed;
    layerScale = layerScale == null ? Initialiser.LAYER_SCALE : layerScale;
    Ranges.check(InitConfig.class, weights, weightsKey, strict, scheme, seed, layerScale);
    if (weights == null && (weightsKey != null || strict)) {
      throw new BadValueException(
          weightsKey == null ? "strict" : "weights_key", "needs weights, which is missing");
    }
  }

  /** All defaults. */
  static InitConfig defaults() {
    return new InitConfig(null, null, null, null, null, null);
  }
}
