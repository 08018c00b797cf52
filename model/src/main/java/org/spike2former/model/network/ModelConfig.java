package org.spike2former.model.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.model.weights.Preset;

/**
 * The configuration of a network, {@code model.json}; sections 2 to 7 of the model description. Two
 * configurations are equal that differ in {@code preset} alone, which is null where the file does
 * not say for certain which {@link Preset} its weights need.
 */
public record ModelConfig(
    @JsonPropertyDescription("makes four maps of an image") @JsonProperty(required = true)
        BackboneConfig backbone,
    @JsonPropertyDescription("deformable encoder and feature pyramid")
        @JsonProperty(required = true)
        PixelDecoderConfig pixelDecoder,
    @JsonPropertyDescription("queries that attend to the maps") @JsonProperty(required = true)
        TransformerDecoderConfig transformerDecoder,
    @JsonPropertyDescription("class scores and mask embeddings") @JsonProperty(required = true)
        HeadConfig head,
    @JsonPropertyDescription("which max_spikes and norm the weights need: paper, release or own")
        String preset) {
  private static final String OWN = "own";
  private static final int MOST = 65_536;

  /** The backbone. */
  public record BackboneConfig(
      @JsonPropertyDescription("sdtv2 (Meta-SpikeFormer) or sdtv3 (E-SpikeFormer)")
          @JsonProperty(required = true)
          String type,
      @JsonPropertyDescription("the four widths e0…e3")
          @JsonProperty(required = true)
          @Range(min = 1, max = 8192, size = 4)
          List<Integer> embedDims,
      @JsonPropertyDescription("attention heads")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int heads,
      @JsonPropertyDescription("hidden width of MLPs and ConvBlocks over their width")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int mlpRatio,
      @JsonPropertyDescription("T, time steps")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int timeSteps,
      @JsonPropertyDescription("its neurons") @JsonProperty(required = true) NeuronConfig neuron,
      @JsonPropertyDescription("channels of the image; absent: 3")
          @Range(min = 1, max = FrameFile.MAX_DEPTH)
          @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Colors.class)
          Integer inChannels) {
    /**
     * Equals the number of channels that is not written: files of networks for photos name none.
     */
    static final class Colors {
      @Override
      public boolean equals(Object channels) {
        return channels == null || channels.equals(Preprocessing.COLORS);
      }

      @Override
      public int hashCode() {
        return Preprocessing.COLORS;
      }
    }

    /** The backbone of a network for photos. */
    public BackboneConfig(
        String type,
        List<Integer> embedDims,
        int heads,
        int mlpRatio,
        int timeSteps,
        NeuronConfig neuron) {
      this(type, embedDims, heads, mlpRatio, timeSteps, neuron, null);
    }

    /** Fills in the default and checks the values. */
    public BackboneConfig {
      inChannels = inChannels == null ? Preprocessing.COLORS : inChannels;
      Ranges.check(
          BackboneConfig.class, type, embedDims, heads, mlpRatio, timeSteps, neuron, inChannels);
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

  /** The pixel decoder. */
  public record PixelDecoderConfig(
      @JsonPropertyDescription("F, channels of its maps")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int featChannels,
      @JsonPropertyDescription("encoder layers")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int layers,
      @JsonPropertyDescription("G of the deformable attention")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int groups,
      @JsonPropertyDescription("window of its depthwise convolutions")
          @JsonProperty(required = true)
          @Range(min = 1, max = 63)
          int dwKernel,
      @JsonPropertyDescription("hidden width of its feed-forward networks")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int ffnChannels) {
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

  /** The transformer decoder. */
  public record TransformerDecoderConfig(
      @JsonPropertyDescription("L, layers")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int layers,
      @JsonPropertyDescription("attention heads")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int heads,
      @JsonPropertyDescription("hidden width of its feed-forward networks")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int ffnChannels,
      @JsonPropertyDescription("Q, queries")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int queries) {
    /** Checks the values. */
    public TransformerDecoderConfig {
      Ranges.check(TransformerDecoderConfig.class, layers, heads, ffnChannels, queries);
    }
  }

  /** The head. */
  public record HeadConfig(
      @JsonPropertyDescription("K, without \"no object\"")
          @JsonProperty(required = true)
          @Range(min = 1, max = 65535)
          int classes,
      @JsonPropertyDescription("a, the head's scale of spikes before the norm")
          @JsonProperty(required = true)
          @Range(min = 1e-6, max = 1e6)
          double alpha,
      @JsonPropertyDescription("neurons of head, pixel decoder and transformer decoder")
          @JsonProperty(required = true)
          NeuronConfig neuron) {
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
   * @throws IOException "FILE: line N: KEY: what is wrong", also for a network that is too large
   */
  public static ModelConfig read(Path file) throws IOException {
    return of(ConfigTree.readJson(file));
  }

  /** What {@link #read} makes of a file's tree. */
  public static ModelConfig of(ConfigTree tree) throws IOException {
    ModelConfig config = tree.bind(ModelConfig.class);
    NetworkSize.check(config, tree, "");
    return config;
  }

  /** The text of a {@code model.json} with this configuration. */
  public String toJson() {
    return ConfigTree.tree(this).toPrettyString() + "\n";
  }
}
