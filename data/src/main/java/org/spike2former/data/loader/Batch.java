package org.spike2former.data.loader;

import java.util.List;
import org.spike2former.data.panoptic.PanopticMap;

/**
 * Images and labels of the same size.
 *
 * @param size number of images B
 * @param height pixels
 * @param width pixels
 * @param images normalised, [B, height, width, C]; of several frames [T, B, height, width, C];
 *     padding is 0
 * @param labels class indices as bytes, [B, height, width]; 255 where there is no class
 * @param names what the data set calls them
 * @param segments things and stuff of each image, padded with void to {@code height} and {@code
 *     width}; null where only classes are told apart
 * @param steps T, how many frames an image has
 * @param channels C, numbers of a pixel in a frame
 */
public record Batch(
    int size,
    int height,
    int width,
    float[] images,
    byte[] labels,
    List<String> names,
    List<PanopticMap> segments,
    int steps,
    int channels) {
  /** Images in colours of which only classes are told apart. */
  public Batch(int size, int height, int width, float[] images, byte[] labels, List<String> names) {
    this(size, height, width, images, labels, names, null, 1, 3);
  }

  /** The shape of {@code images}. */
  public int[] shape() {
    return steps == 1
        ? new int[] {size, height, width, channels}
        : new int[] {steps, size, height, width, channels};
  }
}
