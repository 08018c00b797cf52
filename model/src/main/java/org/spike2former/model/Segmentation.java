package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.ScoreMap;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.picture.Overlay;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.model.panoptic.QueryMasks;
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
 *     the sums of their softmaxes. Null unless {@link Keep#LOGITS} was asked for
 * @param scale what the logits mean
 * @param queries what each query found; null unless {@link Keep#QUERIES} was asked for
 */
public record Segmentation(
    BufferedImage image,
    LabelMap labels,
    ClassTable classes,
    Tensor logits,
    ScoreScale scale,
    QueryMasks queries) {

  /**
   * See above.
   *
   * @throws IllegalStateException without {@link Keep#LOGITS}
   */
  @Override
  public Tensor logits() {
    if (logits == null) {
      throw new IllegalStateException("the logits are not here: ask segment for Keep.LOGITS");
    }
    return logits;
  }

  /**
   * What each query found: its classes and its mask.
   *
   * @throws IllegalStateException without {@link Keep#QUERIES}
   */
  @Override
  public QueryMasks queries() {
    if (queries == null) {
      throw new IllegalStateException("the queries are not here: ask segment for Keep.QUERIES");
    }
    return queries;
  }

  /**
   * Writes the label map, as {@link LabelMap#writePng} does, whole or not at all.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public void writeLabels(Path file) throws IOException {
    labels.writePng(file, classes);
  }

  /**
   * Writes {@link #overlay()} as a PNG file, whole or not at all.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public void writeOverlay(Path file) throws IOException {
    ImageFiles.writePng(overlay(), file);
  }

  /** Shares of the image's pixels in each class, 0…1; all take one pass over the pixels. */
  public double[] shares() {
    long[] counts = labels.counts();
    double pixels = (double) labels.height() * labels.width();
    return IntStream.range(0, classes.size()).mapToDouble(k -> counts[k] / pixels).toArray();
  }

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
   * @throws IllegalStateException without {@link Keep#LOGITS}
   */
  public ConfidenceMap confidence() {
    return ConfidenceMap.of(logits(), scale, labels);
  }

  /**
   * The share that class {@code k} has of the scores of all classes, at the image's size: 0 to 1,
   * over all classes 1 where any has a score. As {@link ConfidenceMap} says, nothing calibrates it.
   *
   * @throws IllegalStateException without {@link Keep#LOGITS}
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public ScoreMap probability(int k) {
    return probability(k, labels.height(), labels.width());
  }

  /** As {@link #probability(int)}, at the size of the logits. */
  public ScoreMap probabilityAsSeen(int k) {
    return probability(k, logits().dim(1), logits().dim(2));
  }

  private ScoreMap probability(int k, int height, int width) {
    ClassShares shares = shares(k);
    return new ScoreMap(height, width, shares.shares(height, width, _ -> k));
  }

  /**
   * The scores of class {@code k}, resized to the image's size; {@link #logits} has them as the
   * network sees the image.
   *
   * @throws IllegalStateException without {@link Keep#LOGITS}
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public ScoreMap score(int k) {
    int height = labels.height();
    int width = labels.width();
    return new ScoreMap(height, width, shares(k).scores(height, width, k));
  }

  private ClassShares shares(int k) {
    Objects.checkIndex(k, classes.size());
    return new ClassShares(logits(), scale);
  }

  /**
   * SHA-256 of the logits' bits, elements in the order [h, w, K], little endian. Equal digests mean
   * equal bits on two machines.
   *
   * @throws IllegalStateException without {@link Keep#LOGITS}
   */
  public String digest() {
    Tensor logits = logits();
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

  /** SHA-256 of the label map's bytes, row by row; 16-bit labels little endian. */
  public String labelsDigest() {
    return new ResultDigest().add(labels.labels()).text();
  }
}
