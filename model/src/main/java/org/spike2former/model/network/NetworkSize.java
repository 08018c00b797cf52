package org.spike2former.model.network;

import java.io.IOException;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.network.ModelConfig.TransformerDecoderConfig;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.io.FileLimit;

/**
 * How large a network would be, known before it is made: a few bytes of configuration can ask for
 * more than any memory. Both numbers grow by the same with every layer, so that networks of one and
 * two layers tell them.
 *
 * @param tensors parameters and buffers
 * @param elements numbers in them
 */
public record NetworkSize(long tensors, long elements) {
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  /**
   * Counts.
   *
   * @throws BadValueException naming a part and a tensor of it that has too many elements
   */
  public static NetworkSize of(ModelConfig config) {
    if (config.head().type() == HeadConfig.Type.FPN) {
      return count(config);
    }
    NetworkSize one = count(config, 1, 1);
    long encoders = config.pixelDecoder().layers() - 1;
    long decoders = config.transformerDecoder().layers() - 1;
    return one.plus(count(config, 2, 1), one, encoders).plus(count(config, 1, 2), one, decoders);
  }

  private NetworkSize plus(NetworkSize larger, NetworkSize smaller, long times) {
    return new NetworkSize(
        tensors + times * (larger.tensors - smaller.tensors),
        elements + times * (larger.elements - smaller.elements));
  }

  private static NetworkSize count(ModelConfig config, int encoders, int decoders) {
    PixelDecoderConfig p = config.pixelDecoder();
    TransformerDecoderConfig t = config.transformerDecoder();
    return count(
        new ModelConfig(
            config.backbone(),
            new PixelDecoderConfig(
                p.featChannels(), encoders, p.groups(), p.dwKernel(), p.ffnChannels()),
            new TransformerDecoderConfig(decoders, t.heads(), t.ffnChannels(), t.queries()),
            config.head()));
  }

  private static NetworkSize count(ModelConfig config) {
    long tensors = 0;
    long elements = 0;
    for (Parameter parameter : Network.of(config).parameters().all()) {
      long size = 1;
      for (int extent : parameter.shape()) {
        size *= extent;
      }
      if (size > MAX_ELEMENTS) {
        throw new BadValueException(
            key(parameter.name()),
            "tensor "
                + parameter.name()
                + " of shape "
                + Shape.toString(parameter.shape())
                + " would have "
                + size
                + " elements, more than any can");
      }
      tensors++;
      elements += size;
    }
    return new NetworkSize(tensors, elements);
  }

  private static String key(String name) {
    return switch (PartNames.of(name).orElseThrow()) {
      case BACKBONE -> "backbone";
      case NECK -> "neck";
      case PIXEL_DECODER -> "pixel_decoder";
      case TRANSFORMER_DECODER -> "transformer_decoder";
      default -> "head";
    };
  }

  /**
   * Refuses a network that is too large.
   *
   * @param tree that the configuration comes from
   * @param key of the configuration in it; empty for all of it
   * @throws IOException "FILE: line N: KEY: what is wrong"
   */
  public static void check(ModelConfig config, ConfigTree tree, String key) throws IOException {
    NetworkSize size;
    try {
      size = of(config);
    } catch (BadValueException e) {
      throw tree.error(below(key, e.key()), e.problem());
    }
    boolean many = size.tensors > FileLimit.NETWORK_TENSORS.value();
    if (many || size.elements > FileLimit.NETWORK_ELEMENTS.value()) {
      throw tree.error(
          below(key, mostOf(config)),
          "the network would have "
              + size.tensors
              + " tensors with "
              + size.elements
              + " elements, more than "
              + (many
                  ? FileLimit.NETWORK_TENSORS.of("tensors")
                  : FileLimit.NETWORK_ELEMENTS.of("elements")));
    }
  }

  /** The key that makes a network large. */
  private static String mostOf(ModelConfig config) {
    if (config.head().type() == HeadConfig.Type.FPN) {
      return "backbone.embed_dims";
    }
    boolean encoders = config.pixelDecoder().layers() > config.transformerDecoder().layers();
    return (encoders ? "pixel_decoder" : "transformer_decoder") + ".layers";
  }

  private static String below(String key, String inner) {
    return key.isEmpty() ? inner : key + "." + inner;
  }
}
