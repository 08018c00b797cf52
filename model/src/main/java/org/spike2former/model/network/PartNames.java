package org.spike2former.model.network;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spike2former.tensor.NetworkPart;

/** Which part of the network a layer or parameter belongs to, by the name that a checkpoint has. */
public final class PartNames {
  private static final Map<NetworkPart, String> PREFIXES =
      new EnumMap<>(
          Map.of(
              NetworkPart.BACKBONE, "backbone.",
              NetworkPart.NECK, "neck.",
              NetworkPart.FPN_HEAD, "decode_head.",
              NetworkPart.PIXEL_DECODER, "decode_head.pixel_decoder.",
              NetworkPart.TRANSFORMER_DECODER, "decode_head.transformer_decoder.",
              NetworkPart.MASK_PRODUCT, "decode_head.mask_product",
              NetworkPart.HEAD, "decode_head.",
              NetworkPart.PREDICTION, "semantic_product"));

  /** In the decode head names alone tell which kind of head it is. */
  private static final Pattern FPN_HEAD =
      Pattern.compile("decode_head\\.(scale_heads|out_spike|conv_seg)\\b.*");

  private PartNames() {}

  /** What the names of a part's layers begin with; those of other parts may too. */
  public static String prefix(NetworkPart part) {
    return PREFIXES.get(part);
  }

  /** A name without the network's outermost module, the backbone, neck or decode head. */
  public static String withinModule(String name) {
    return Stream.of(NetworkPart.BACKBONE, NetworkPart.NECK, NetworkPart.HEAD)
        .map(PartNames::prefix)
        .filter(name::startsWith)
        .findFirst()
        .map(prefix -> name.substring(prefix.length()))
        .orElse(name);
  }

  /** Whether a layer or parameter belongs to a part. */
  public static boolean isIn(NetworkPart part, String name) {
    return of(name).filter(part::equals).isPresent();
  }

  /**
   * The part of a layer or parameter; the head of a network with queries has what no other part of
   * the decode head has.
   */
  public static Optional<NetworkPart> of(String name) {
    return PREFIXES.entrySet().stream()
        .filter(part -> name.startsWith(part.getValue()))
        .map(Map.Entry::getKey)
        .filter(part -> part != NetworkPart.FPN_HEAD || FPN_HEAD.matcher(name).matches())
        .findFirst();
  }
}
