package org.spike2former.model.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Task;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.model.weights.Preset;
import org.spike2former.tensor.NetworkPart;

/**
 * The configuration of a network, {@code model.json}; sections 2 to 7 and 12 of the model
 * description. The head's type says which of the sections between it and the backbone there are;
 * the others are null. Two configurations are equal that differ in {@code preset} alone, which is
 * null where the file does not say for certain which {@link Preset} its weights need.
 */
public record ModelConfig(
    @JsonPropertyDescription("makes four maps of an image") @JsonProperty(required = true)
        BackboneConfig backbone,
    @JsonPropertyDescription("feature pyramid in front of an fpn head")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        NeckConfig neck,
    @JsonPropertyDescription(
            "deformable encoder and feature pyramid in front of a mask-embedding head")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        PixelDecoderConfig pixelDecoder,
    @JsonPropertyDescription("queries that attend to the maps, in front of a mask-embedding head")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        TransformerDecoderConfig transformerDecoder,
    @JsonPropertyDescription("class scores, by queries or for each pixel")
        @JsonProperty(required = true)
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

    /** Channels of the four maps, the finest first. */
    public List<Integer> featureWidths() {
      return List.of(embedDims.get(0) / 2, embedDims.get(0), embedDims.get(1), embedDims.get(3));
    }

    /** The same with another T. */
    public BackboneConfig withTimeSteps(int steps) {
      return new BackboneConfig(type, embedDims, heads, mlpRatio, steps, neuron, inChannels);
    }
  }

  /** The neck of an FPN. */
  public record NeckConfig(
      @JsonPropertyDescription("qfpn, the release's") @JsonProperty(required = true) String type,
      @JsonPropertyDescription("C, channels of its levels")
          @JsonProperty(required = true)
          @Range(min = 1, max = MOST)
          int channels,
      @JsonPropertyDescription("its neurons") @JsonProperty(required = true) NeuronConfig neuron) {
    /** Checks the values. */
    public NeckConfig {
      Ranges.check(NeckConfig.class, type, channels, neuron);
      if (!type.equals("qfpn")) {
        throw BadValueException.of("type", "qfpn", type);
      }
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

  /** The head. A key that its type does not know is refused. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record HeadConfig(
      @JsonPropertyDescription("which head; absent: mask-embedding")
          @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Type.Usual.class)
          Type type,
      @JsonPropertyDescription("K, without \"no object\"")
          @JsonProperty(required = true)
          @Range(min = 1, max = 65535)
          int classes,
      @JsonPropertyDescription("a, a mask-embedding head's scale of spikes before the norm")
          @Range(min = 1e-6, max = 1e6)
          Double alpha,
      @JsonPropertyDescription("C of an fpn head, the neck's") @Range(min = 1, max = MOST)
          Integer channels,
      @JsonPropertyDescription(
              "how much coarser than each other the four levels of an fpn head are; only their"
                  + " ratios to the first count, powers of two up to 256")
          @Range(min = 1, max = MOST, size = 4)
          List<Integer> strides,
      @JsonPropertyDescription(
              "neurons of the head, and of a pixel decoder and a transformer decoder")
          @JsonProperty(required = true)
          NeuronConfig neuron) {
    private static final int COARSEST = 256;

    /** Which head. */
    public enum Type {
      /** Queries, whose masks and classes make up the scores. */
      @JsonProperty("mask-embedding")
      MASK_EMBEDDING,
      /** The sum of a feature pyramid's levels, each pixel scored by itself. */
      @JsonProperty("fpn")
      FPN;

      /** Equals the type that is not written: files from before there were others name none. */
      static final class Usual {
        @Override
        public boolean equals(Object type) {
          return type == MASK_EMBEDDING;
        }

        @Override
        public int hashCode() {
          return MASK_EMBEDDING.hashCode();
        }
      }
    }

    /** Checks the values. */
    public HeadConfig {
      type = type == null ? Type.MASK_EMBEDDING : type;
      Ranges.check(HeadConfig.class, type, classes, alpha, channels, strides, neuron);
      if (type == Type.FPN) {
        refuse(type, "alpha", alpha);
        Ranges.require(HeadConfig.class, "channels", channels);
        Ranges.require(HeadConfig.class, "strides", strides);
        checkStrides(strides);
        strides = List.copyOf(strides);
      } else {
        refuse(type, "channels", channels);
        refuse(type, "strides", strides);
        Ranges.require(HeadConfig.class, "alpha", alpha);
      }
    }

    /** A mask-embedding head. */
    public HeadConfig(int classes, double alpha, NeuronConfig neuron) {
      this(Type.MASK_EMBEDDING, classes, alpha, null, null, neuron);
    }

    private static void checkStrides(List<Integer> strides) {
      int finest = strides.getFirst();
      for (int i = 1; i < strides.size(); i++) {
        int ratio = strides.get(i) / finest;
        if (ratio * finest != strides.get(i) || Integer.bitCount(ratio) != 1 || ratio > COARSEST) {
          throw BadValueException.of(
              "strides[" + i + "]",
              "1, 2, 4 and so on to " + COARSEST + " times the first, " + finest,
              strides.get(i));
        }
      }
    }

    /** How often a level of an FPN is doubled in size. */
    public int doublings(int level) {
      return Integer.numberOfTrailingZeros(strides.get(level) / strides.getFirst());
    }

    /** The same for another number of classes. */
    public HeadConfig withClasses(int count) {
      return new HeadConfig(type, count, alpha, channels, strides, neuron);
    }

    /** The same with other neurons. */
    public HeadConfig withNeuron(NeuronConfig other) {
      return new HeadConfig(type, classes, alpha, channels, strides, other);
    }
  }

  private static void refuse(HeadConfig.Type type, String key, Object value) {
    if (value != null) {
      throw new BadValueException(key, "no such key for a head of type " + Ranges.word(type));
    }
  }

  /** A network with a mask-embedding head, whose file does not say which preset it is. */
  public ModelConfig(
      BackboneConfig backbone,
      PixelDecoderConfig pixelDecoder,
      TransformerDecoderConfig transformerDecoder,
      HeadConfig head) {
    this(backbone, null, pixelDecoder, transformerDecoder, head, null);
  }

  /** A network with an FPN head, whose file does not say which preset it is. */
  public ModelConfig(BackboneConfig backbone, NeckConfig neck, HeadConfig head) {
    this(backbone, neck, null, null, head, null);
  }

  /** Checks that the parts go together. */
  public ModelConfig {
    Ranges.check(ModelConfig.class, backbone, neck, pixelDecoder, transformerDecoder, head, preset);
    HeadConfig.Type type = head.type();
    if (type == HeadConfig.Type.FPN) {
      refuse(type, "pixel_decoder", pixelDecoder);
      refuse(type, "transformer_decoder", transformerDecoder);
      Ranges.require(ModelConfig.class, "neck", neck);
      if (head.channels() != neck.channels()) {
        throw BadValueException.of(
            "head.channels", "neck.channels, " + neck.channels(), head.channels());
      }
    } else {
      refuse(type, "neck", neck);
      Ranges.require(ModelConfig.class, "pixel_decoder", pixelDecoder);
      Ranges.require(ModelConfig.class, "transformer_decoder", transformerDecoder);
      checkHeads(pixelDecoder, transformerDecoder);
      checkHeadFires(head.neuron(), backbone.timeSteps());
    }
    checkPreset(preset, backbone, neck, head);
  }

  private static void checkHeads(PixelDecoderConfig pixels, TransformerDecoderConfig queries) {
    if (pixels.featChannels() % queries.heads() != 0) {
      throw BadValueException.of(
          "pixel_decoder.feat_channels",
          "a multiple of transformer_decoder.heads, " + queries.heads(),
          pixels.featChannels());
    }
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

  private static void checkPreset(
      String preset, BackboneConfig backbone, NeckConfig neck, HeadConfig head) {
    if (preset == null) {
      return;
    }
    Optional<Preset> named = Preset.named(preset);
    if (!preset.equals(OWN) && named.isEmpty()) {
      throw BadValueException.of("preset", "paper, release or own", preset);
    }
    Optional<Preset> found = Preset.of(backbone, neck, head);
    // Constants may be those of both presets, of which one is found.
    boolean fits = named.map(it -> it.describes(backbone, neck, head)).orElse(found.isEmpty());
    if (!fits) {
      throw new BadValueException(
          "preset",
          "preset is "
              + preset
              + ", but max_spikes and norm are "
              + found.map(other -> "those of " + other).orElse("of neither preset"));
    }
  }

  /** Q; 0 for a network without queries. */
  public int queries() {
    return transformerDecoder == null ? 0 : transformerDecoder.queries();
  }

  /** What it can tell apart: without queries, or things among its classes, no things. */
  public Set<Task> tasks(ClassTable classes) {
    return queries() > 0 ? Task.of(classes) : Set.of(Task.SEMANTIC);
  }

  /** The most spikes of any neuron. */
  public int maxSpikes() {
    return Stream.of(NetworkPart.BACKBONE, NetworkPart.NECK, NetworkPart.HEAD)
        .mapToInt(part -> neuron(part).maxSpikes())
        .max()
        .orElseThrow();
  }

  /** The neurons of a part of the network; where there is no neck, those of the head. */
  public NeuronConfig neuron(NetworkPart part) {
    return switch (part) {
      case BACKBONE -> backbone.neuron();
      case NECK -> neck == null ? head.neuron() : neck.neuron();
      default -> head.neuron();
    };
  }

  /** The same for another number of classes. */
  public ModelConfig withClasses(int count) {
    return new ModelConfig(
        backbone, neck, pixelDecoder, transformerDecoder, head.withClasses(count), preset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelConfig that
        && backbone.equals(that.backbone)
        && Objects.equals(neck, that.neck)
        && Objects.equals(pixelDecoder, that.pixelDecoder)
        && Objects.equals(transformerDecoder, that.transformerDecoder)
        && head.equals(that.head);
  }

  @Override
  public int hashCode() {
    return Objects.hash(backbone, neck, pixelDecoder, transformerDecoder, head);
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
