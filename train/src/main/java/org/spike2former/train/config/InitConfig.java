package org.spike2former.train.config;

import java.nio.file.Path;
import org.spike2former.model.network.Initialiser;

/**
 * Where the weights of a run start.
 *
 * @param weights a checkpoint of a whole network or of a backbone alone, or a model folder; null to
 *     start from scratch
 * @param weightsKey which of several networks in it: what their names begin with, or the dictionary
 *     that they lie in; null for the usual choice
 * @param strict whether every name and shape of it has to fit; by default what is missing, and the
 *     layer that tells the classes apart if it is of another number of them, is drawn
 * @param scheme how weights that it lacks are drawn; default {@code release}
 * @param seed of these draws; default 0
 * @param layerScale first value of the {@code gamma} vectors; default 1e-6, the release's
 */
public record InitConfig(
    Path weights,
    String weightsKey,
    Boolean strict,
    Initialiser.Scheme scheme,
    Long seed,
    Double layerScale) {
  /** Fills in the defaults. */
  public InitConfig {
    strict = strict != null && strict;
    scheme = scheme == null ? Initialiser.Scheme.RELEASE : scheme;
    seed = seed == null ? 0 : seed;
    layerScale = layerScale == null ? Initialiser.LAYER_SCALE : layerScale;
    if (!(layerScale > 0 && layerScale <= 10)) {
      throw new IllegalArgumentException(
          "init.layer_scale: expected a number above 0, at most 10, found " + layerScale);
    }
    if (weights == null && (weightsKey != null || strict)) {
      throw new IllegalArgumentException("init.weights_key and init.strict need init.weights");
    }
  }

  /** All defaults. */
  static InitConfig defaults() {
    return new InitConfig(null, null, null, null, null, null);
  }
}
