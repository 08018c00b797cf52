package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.picture.Overlay;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/**
 * The segmentation of an image.
 *
 * @param image the image as it was given
 * @param labels class index of every pixel, at the image's size
 * @param classes names and colours
 * @param logits [1, h, w, K], the scores whose greatest, resized to the image's size, gives the
 *     label: of one view the network's, at the size that it saw; of several sizes or mirror images
 *     the sums of their softmaxes. Null unless {@link Segmenter#segmentWithLogits} was asked for
 *     them
 */
public record Segmentation(
    BufferedImage image, LabelMap labels, ClassTable classes, Tensor logits) {

  /** Share of the image's pixels in class {@code k}, 0…1. */
  public double share(int k) {
    return labels.share(k);
  }

  /** The image under the colours of its classes, with a legend. */
  public BufferedImage overlay() {
    return overlay(OverlayStyle.USUAL);
  }

  /** As {@link #overlay()}, in another style. */
  public BufferedImage overlay(OverlayStyle style) {
    return Overlay.draw(image, labels, classes, style);
  }

  /**
   * How sure the network is of every pixel's class.
   *
   * @throws IllegalStateException without logits
   */
  public ConfidenceMap confidence() {
    requireLogits("confidence");
    return ConfidenceMap.of(logits, labels);
  }

  private void requireLogits(String what) {
    if (logits == null) {
      throw new IllegalStateException("no " + what + " without logits: use segmentWithLogits");
    }
  }

  /**
   * SHA-256 of the logits' bits, elements in the order [h, w, K], little endian. Equal digests mean
   * equal bits on two machines.
   */
  public String digest() {
    requireLogits("digest");
    ResultDigest digest = new ResultDigest();
    int row = logits.dim(2) * logits.dim(3);
    ByteBuffer buffer = ResultDigest.buffer(row * logits.dtype().bytes());
    for (int y = 0; y < logits.dim(1); y++) {
      if (logits.dtype() == DType.F32) {
        buffer.asFloatBuffer().put(logits.floats(), y * row, row);
      } else {
        buffer.asDoubleBuffer().put(logits.doubles(), y * row, row);
      }
      digest.add(buffer.array());
    }
    return digest.text();
  }

  /** SHA-256 of the label map's bytes, row by row. */
  public String labelsDigest() {
    return new ResultDigest().add(labels.labels()).text();
  }
}
