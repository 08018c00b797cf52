package org.spike2former.model.weights;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.ModelConfig.NeckConfig;
import org.spike2former.model.network.NeuronConfig;

/** Constants of neurons that checkpoints were published with: a checkpoint does not record them. */
public enum Preset {
  /** The paper's results at 1×4: D = norm = 4 everywhere. */
  PAPER(4, 4, 4, 4),
  /** The published code: D = norm = 8, but 4 in SDTv3's backbone, and in an FPN's neck and head. */
  RELEASE(8, 4, 8, 4);

  private final int sdtv2;
  private final int sdtv3;
  private final int queries;
  private final int fpn;

  Preset(int sdtv2, int sdtv3, int queries, int fpn) {
    this.sdtv2 = sdtv2;
    this.sdtv3 = sdtv3;
    this.queries = queries;
    this.fpn = fpn;
  }

  /** The first preset whose constants a network has; empty for constants of its own. */
  public static Optional<Preset> of(ModelConfig config) {
    return of(config.backbone(), config.neck(), config.head());
  }

  /** The preset of a name in lower case; empty if there is none. */
  public static Optional<Preset> named(String name) {
    return Arrays.stream(values()).filter(preset -> preset.toString().equals(name)).findFirst();
  }

  /**
   * As {@link #of(ModelConfig)}, of its parts.
   *
   * @param neck null where the network has none
   */
  public static Optional<Preset> of(BackboneConfig backbone, NeckConfig neck, HeadConfig head) {
    return Arrays.stream(values())
        .filter(preset -> preset.describes(backbone, neck, head))
        .findFirst();
  }

  /**
   * Whether a network has this preset's constants.
   *
   * @param neck null where the network has none
   */
  public boolean describes(BackboneConfig backbone, NeckConfig neck, HeadConfig head) {
    return is(backbone.neuron(), backbone.type().equals("sdtv2") ? sdtv2 : sdtv3)
        && is(head.neuron(), neck == null ? queries : fpn)
        && (neck == null || is(neck.neuron(), fpn));
  }

  private static boolean is(NeuronConfig neuron, int constant) {
    return neuron.type() == NeuronConfig.Type.NI_LIF
        && neuron.maxSpikes() == constant
        && neuron.norm() == constant
        && neuron.decay() == 0;
  }

  /** Its name in {@code model.json}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
