package org.spike2former.model.network;

import java.io.IOException;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.model.network.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.network.ModelConfig.TransformerDecoderConfig;
import org.spike2former.tensor.NetworkPart;
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
    ModelConfig small =
        new ModelConfig(
            config.backbone(),
            new PixelDecoderConfig(
                p.featChannels(), encoders, p.groups(), p.dwKernel(), p.ffnChannels()),
            new TransformerDecoderConfig(decoders, t.heads(), t.ffnChannels(), t.queries()),
            config.head());
    long tensors = 0;
    long elements = 0;
    for (Parameter parameter : new Spike2Former(small).parameters().all()) {
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
    return PartNames.isIn(NetworkPart.BACKBONE, name)
        ? "backbone"
        : PartNames.isIn(NetworkPart.PIXEL_DECODER, name)
            ? "pixel_decoder"
            : PartNames.isIn(NetworkPart.TRANSFORMER_DECODER, name)
                ? "transformer_decoder"
                : "head";
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
      long encoders = config.pixelDecoder().layers();
      String part =
          encoders > config.transformerDecoder().layers() ? "pixel_decoder" : "transformer_decoder";
      throw tree.error(
          below(key, part + ".layers"),
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

  private static String below(String key, String inner) {
    return key.isEmpty() ? inner : key + "." + inner;
  }
}
