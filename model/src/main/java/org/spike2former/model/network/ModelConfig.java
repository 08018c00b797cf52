package org.spike2former.model.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.spike2former.model.weights.Preset;
import org.spike2former.tensor.io.FormatException;

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
    @JsonProperty(value = "pixel_decoder", required = true) PixelDecoderConfig pixelDecoder,
    @JsonProperty(value = "transformer_decoder", required = true)
        TransformerDecoderConfig transformerDecoder,
    @JsonProperty(required = true) HeadConfig head,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty String preset) {
  private static final String OWN = "own";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

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
      @JsonProperty(value = "embed_dims", required = true) List<Integer> embedDims,
      @JsonProperty(required = true) int heads,
      @JsonProperty(value = "mlp_ratio", required = true) int mlpRatio,
      @JsonProperty(value = "time_steps", required = true) int timeSteps,
      @JsonProperty(required = true) NeuronConfig neuron) {
    /** Checks the values. */
    public BackboneConfig {
      present("backbone.embed_dims", embedDims);
      present("backbone.neuron", neuron);
      check(
          "sdtv2".equals(type) || "sdtv3".equals(type),
          "backbone.type must be sdtv2 or sdtv3, found " + type);
      check(
          embedDims.size() == 4
              && embedDims.stream().allMatch(e -> e != null && e > 0 && e <= 8192),
          "backbone.embed_dims must be four positive widths, found " + embedDims);
      check(embedDims.get(0) % 2 == 0, "backbone.embed_dims[0] must be even");
      positive("backbone.heads", heads);
      positive("backbone.mlp_ratio", mlpRatio);
      positive("backbone.time_steps", timeSteps);
      check(
          embedDims.get(2) % heads == 0 && embedDims.get(3) % heads == 0,
          "backbone.embed_dims[2] and [3] must be multiples of heads, " + heads);
      embedDims = List.copyOf(embedDims);
    }
  }

  /**
   * The neurons of one part.
   *
   * @param maxSpikes D
   * @param norm the divisor of the spikes
   * @param decay β of the membrane between time steps; absent or 0 for the release's neuron
   */
  public record NeuronConfig(
      @JsonProperty(value = "max_spikes", required = true) int maxSpikes,
      @JsonProperty(required = true) double norm,
      @JsonProperty Double decay) {
    /** Checks the values. */
    public NeuronConfig {
      check(maxSpikes >= 1 && maxSpikes <= 127, "neuron.max_spikes must be 1…127: " + maxSpikes);
      check(norm >= 1e-6 && norm <= 1e6, "neuron.norm must be 1e-6…1e6: " + norm);
      decay = decay == null ? 0 : decay;
      check(decay >= 0 && decay <= 1, "neuron.decay must be 0…1: " + decay);
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
      @JsonProperty(value = "feat_channels", required = true) int featChannels,
      @JsonProperty(required = true) int layers,
      @JsonProperty(required = true) int groups,
      @JsonProperty(value = "dw_kernel", required = true) int dwKernel,
      @JsonProperty(value = "ffn_channels", required = true) int ffnChannels) {
    /** Checks the values. */
    public PixelDecoderConfig {
      positive("pixel_decoder.feat_channels", featChannels);
      positive("pixel_decoder.layers", layers);
      positive("pixel_decoder.groups", groups);
      positive("pixel_decoder.dw_kernel", dwKernel);
      positive("pixel_decoder.ffn_channels", ffnChannels);
      check(dwKernel % 2 == 1 && dwKernel < 64, "pixel_decoder.dw_kernel must be odd: " + dwKernel);
      check(
          featChannels % groups == 0 && featChannels % 4 == 0,
          "pixel_decoder.feat_channels must be a multiple of 4 and of groups: " + featChannels);
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
      @JsonProperty(required = true) int layers,
      @JsonProperty(required = true) int heads,
      @JsonProperty(value = "ffn_channels", required = true) int ffnChannels,
      @JsonProperty(required = true) int queries) {
    /** Checks the values. */
    public TransformerDecoderConfig {
      positive("transformer_decoder.layers", layers);
      positive("transformer_decoder.heads", heads);
      positive("transformer_decoder.ffn_channels", ffnChannels);
      positive("transformer_decoder.queries", queries);
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
      @JsonProperty(required = true) int classes,
      @JsonProperty(required = true) double alpha,
      @JsonProperty(required = true) NeuronConfig neuron) {
    /** Checks the values. */
    public HeadConfig {
      present("head.neuron", neuron);
      check(classes >= 1 && classes <= 255, "head.classes must be 1…255: " + classes);
      check(alpha >= 1e-6 && alpha <= 1e6, "head.alpha must be 1e-6…1e6: " + alpha);
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
    present("backbone", backbone);
    present("pixel_decoder", pixelDecoder);
    present("transformer_decoder", transformerDecoder);
    present("head", head);
    check(
        pixelDecoder.featChannels() % transformerDecoder.heads() == 0,
        "pixel_decoder.feat_channels must be a multiple of transformer_decoder.heads");
    checkPreset(preset, backbone, head);
  }

  private static void checkPreset(String preset, BackboneConfig backbone, HeadConfig head) {
    if (preset == null) {
      return;
    }
    check(
        preset.equals(OWN) || Preset.named(preset).isPresent(),
        "preset must be paper, release or own, found " + preset);
    Optional<Preset> found = Preset.of(backbone, head);
    check(
        preset.equals(found.map(Preset::toString).orElse(OWN)),
        "preset is "
            + preset
            + ", but max_spikes and norm are "
            + found.map(other -> "those of " + other).orElse("of neither preset"));
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

  private static void present(String key, Object value) {
    check(value != null, key + " is null");
  }

  private static void positive(String key, int value) {
    check(value >= 1 && value <= 65536, key + " must be 1…65536: " + value);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * Reads a {@code model.json}.
   *
   * @throws FormatException naming the file and the key that is missing, unknown or out of range
   */
  public static ModelConfig read(Path file) throws IOException {
    byte[] text = Files.readAllBytes(file);
    try {
      return of(JSON.readTree(text), file);
    } catch (JsonProcessingException e) {
      throw new FormatException(file, "not a model configuration: " + describe(e), e);
    }
  }

  /**
   * The configuration in a tree that came from {@code file}.
   *
   * @throws FormatException naming the file and the key that is missing, unknown or out of range
   */
  public static ModelConfig of(JsonNode node, Path file) throws FormatException {
    if (!node.isObject()) {
      throw new FormatException(file, "not a model configuration: expected a JSON object");
    }
    try {
      return JSON.treeToValue(node, ModelConfig.class);
    } catch (JsonProcessingException e) {
      throw new FormatException(file, "not a model configuration: " + describe(e), e);
    }
  }

  /** The text of a {@code model.json} with this configuration. */
  public String toJson() {
    return JSON.valueToTree(this).toPrettyString() + "\n";
  }

  private static String describe(JsonProcessingException e) {
    if (e.getCause() instanceof IllegalArgumentException cause) {
      return cause.getMessage();
    }
    String key = "";
    if (e instanceof JsonMappingException mapping) {
      key =
          mapping.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .filter(Objects::nonNull)
              .collect(Collectors.joining("."));
    }
    String message =
        e instanceof UnrecognizedPropertyException
            ? "unknown key"
            : e.getOriginalMessage().lines().findFirst().orElse("");
    return key.isEmpty() ? message : key + ": " + message;
  }
}
