package org.spike2former.tensor;

/**
 * The parts of networks, in the order in which a map passes through them. A network has those of
 * one kind of head.
 */
public enum NetworkPart {
  /** The four stages that make feature maps of an image. */
  BACKBONE("backbone"),
  /** The feature pyramid in front of an FPN head. */
  NECK("neck"),
  /** The levels of a feature pyramid, their sum, and the class scores of its pixels. */
  FPN_HEAD("FPN head"),
  /** The deformable encoder and the feature pyramid after it. */
  PIXEL_DECODER("pixel decoder"),
  /** The layers in which queries attend to the maps. */
  TRANSFORMER_DECODER("transformer decoder"),
  /** Products of mask embeddings and mask features. */
  MASK_PRODUCT("mask products"),
  /** The queries themselves, class scores and mask embeddings. */
  HEAD("queries and mask embedding"),
  /** Logits or labels from class scores and masks; it has no weights. */
  PREDICTION("semantic product");

  private final String title;

  NetworkPart(String title) {
    this.title = title;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }
}
