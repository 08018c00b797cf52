package org.spike2former.model.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.model.weights.Preset;

/**
 * The configuration of a network, {@code model.json}.
 *
 * @param backbone section 2 or 3 of the model description
 * @param pixelDecoder section 4 and 5
 * @param transformerDecoder section 6
 * @param head section 7
 * @param preset {@code paper} or {@code release} where the file says for certain which {@link
 *     Preset} its weights need, or {@code own}; null where it says nothing. Two configurations that
 *     differ in it alone are equal
 */
public record ModelConfig(
    @JsonProperty(required = true) BackboneConfig backbone,
    @JsonProperty(required = true) PixelDecoderConfig pixelDecoder,
    @JsonProperty(required = true) TransformerDecoderConfig transformerDecoder,
    @JsonProperty(required = true) HeadConfig head,
    String preset) {
  private static final String OWN = "own";
  private static final int MOST = 65_536;

  /**
   * The backbone.
   *
   * @param type {@code sdtv2} (Meta-SpikeFormer) or {@code sdtv3} (E-SpikeFormer)
   * @param embedDims the four widths e0…e3
   * @param heads attention heads
   * @param mlpRatio hidden width of the MLPs, and of the ConvBlocks' 3×3 convolutions, over their
   *     width
   * @param timeSteps T
   * @param neuron its neurons
   */
  public record BackboneConfig(
      @JsonProperty(required = true) String type,
      @JsonProperty(required = true) @Range(min = 1, max = 8192, size = 4) List<Integer> embedDims,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int heads,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int mlpRatio,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int timeSteps,
      @JsonProperty(required = true) NeuronConfig neuron) {
    /** Checks the values. */
    public BackboneConfig {
      Ranges.check(BackboneConfig.class, type, embedDims, heads, mlpRatio, timeSteps, neuron);
      if (!type.equals("sdtv2") && !type.equals("sdtv3")) {
        throw BadValueException.of("type", "sdtv2 or sdtv3", type);
      }
      if (embedDims.get(0) % 2 != 0) {
        throw BadValueException.of("embed_dims[0]", "an even number", embedDims.get(0));
      }
      for (int stage = 2; stage < 4; stage++) {
        if (embedDims.get(stage) % heads != 0) {
          throw BadValueException.of(
              "embed_dims[" + stage + "]", "a multiple of heads, " + heads, embedDims.get(stage));
        }
      }
      embedDims = List.copyOf(embedDims);
    }
  }

  /**
   * The pixel decoder.
   *
   * @param featChannels F
   * @param layers encoder layers
   * @param groups G of the deformable attention
   * @param dwKernel window of its depthwise convolutions
   * @param ffnChannels hidden width of its feed-forward networks
   */
  public record PixelDecoderConfig(
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int featChannels,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int layers,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int groups,
      @JsonProperty(required = true) @Range(min = 1, max = 63) int dwKernel,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int ffnChannels) {
    /** Checks the values. */
    public PixelDecoderConfig {
      Ranges.check(PixelDecoderConfig.class, featChannels, layers, groups, dwKernel, ffnChannels);
      if (dwKernel % 2 == 0) {
        throw BadValueException.of("dw_kernel", "an odd number", dwKernel);
      }
      if (featChannels % groups != 0 || featChannels % 4 != 0) {
        throw BadValueException.of(
            "feat_channels", "a multiple of 4 and of groups, " + groups, featChannels);
      }
    }
  }

  /**
   * The transformer decoder.
   *
   * @param layers L
   * @param heads attention heads
   * @param ffnChannels hidden width of its feed-forward networks
   * @param queries Q
   */
  public record TransformerDecoderConfig(
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int layers,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int heads,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int ffnChannels,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) int queries) {
    /** Checks the values. */
    public TransformerDecoderConfig {
      Ranges.check(TransformerDecoderConfig.class, layers, heads, ffnChannels, queries);
    }
  }

  /**
   * The head.
   *
   * @param classes K, without "no object"
   * @param alpha a, the head's scale of spikes before the norm
   * @param neuron neurons of head, pixel decoder and transformer decoder
   */
  public record HeadConfig(
      @JsonProperty(required = true) @Range(min = 1, max = 255) int classes,
      @JsonProperty(required = true) @Range(min = 1e-6, max = 1e6) double alpha,
      @JsonProperty(required = true) NeuronConfig neuron) {
    /** Checks the values. */
    public HeadConfig {
      Ranges.check(HeadConfig.class, classes, alpha, neuron);
    }
  }

  /** A network whose file does not say which preset it is. */
  public ModelConfig(
      BackboneConfig backbone,
      PixelDecoderConfig pixelDecoder,
      TransformerDecoderConfig transformerDecoder,
      HeadConfig head) {
    this(backbone, pixelDecoder, transformerDecoder, head, null);
  }

  /** Checks that the parts go together. */
  public ModelConfig {
    Ranges.check(ModelConfig.class, backbone, pixelDecoder, transformerDecoder, head, preset);
    if (pixelDecoder.featChannels() % transformerDecoder.heads() != 0) {
      throw BadValueException.of(
          "pixel_decoder.feat_channels",
          "a multiple of transformer_decoder.heads, " + transformerDecoder.heads(),
          pixelDecoder.featChannels());
    }
    checkHeadFires(head.neuron(), backbone.timeSteps());
    checkPreset(preset, backbone, head);
  }

  /** Some of the head's neurons have a sigmoid as input, which no weight scales. */
  private static void checkHeadFires(NeuronConfig neuron, int timeSteps) {
    if (neuron.type().isBinary() && neuron.threshold() >= neuron.reach(timeSteps)) {
      throw BadValueException.of(
          "head.neuron.threshold",
          "less than "
              + neuron.reach(timeSteps)
              + ", which membranes fed by the head's sigmoid stay below with time_steps "
              + timeSteps,
          neuron.threshold());
    }
  }

  private static void checkPreset(String preset, BackboneConfig backbone, HeadConfig head) {
    if (preset == null) {
      return;
    }
    if (!preset.equals(OWN) && Preset.named(preset).isEmpty()) {
      throw BadValueException.of("preset", "paper, release or own", preset);
    }
    Optional<Preset> found = Preset.of(backbone, head);
    if (!preset.equals(found.map(Preset::toString).orElse(OWN))) {
      throw new BadValueException(
          "preset",
          "preset is "
              + preset
              + ", but max_spikes and norm are "
              + found.map(other -> "those of " + other).orElse("of neither preset"));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelConfig that
        && backbone.equals(that.backbone)
        && pixelDecoder.equals(that.pixelDecoder)
        && transformerDecoder.equals(that.transformerDecoder)
        && head.equals(that.head);
  }

  @Override
  public int hashCode() {
    return Objects.hash(backbone, pixelDecoder, transformerDecoder, head);
  }

  /**
   * Reads a {@code model.json}.
   *
   * @throws IOException "FILE: line N: KEY: what is wrong"
   */
  public static ModelConfig read(Path file) throws IOException {
    return ConfigTree.readJson(file).bind(ModelConfig.class);
  }

  /** The text of a {@code model.json} with this configuration. */
  public String toJson() {
    return ConfigTree.tree(this).toPrettyString() + "\n";
  }
}
