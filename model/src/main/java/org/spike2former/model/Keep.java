package org.spike2former.model;

/** What a {@link Segmentation} keeps beside the labels when it is asked to; each takes memory. */
public enum Keep {
  /**
   * {@link Segmentation#logits()}, from which come scores, probabilities, confidence and digest:
   * four bytes for each pixel that the network sees and each class, eight in float64.
   */
  LOGITS,
  /**
   * {@link Segmentation#queries()}, the masks of single queries: a byte for each pixel that the
   * network sees and each query, two in float64. While the image is segmented, the logits take
   * their memory too.
   */
  QUERIES
}
