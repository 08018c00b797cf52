package org.spike2former.data.image;

/**
 * An image at the network's size, and the size that it came from.
 *
 * @param rgb bytes before normalisation and padding, [contentHeight, contentWidth, 3]
 * @param contentHeight height without padding
 * @param contentWidth width without padding
 * @param height height of the network's input, with padding below
 * @param width width of the network's input, with padding on the right
 * @param originalHeight height before rescaling
 * @param originalWidth width before rescaling
 * @param preprocessing gives mean and standard deviation
 */
public record PreparedImage(
    byte[] rgb,
    int contentHeight,
    int contentWidth,
    int height,
    int width,
    int originalHeight,
    int originalWidth,
    Preprocessing preprocessing) {

  /**
   * The network's input in float32, [height, width, 3], red first: {@code (x − mean)/std} with
   * every step in float32, as PyTorch computes it; padding is 0.
   */
  public float[] floats() {
    float[] out = new float[3 * height * width];
    preprocessing.normalise(rgb, contentHeight, contentWidth, out, 0, 3 * width);
    return out;
  }

  /**
   * The network's input in float64, [height, width, 3], red first: {@code (x − mean)/std}; padding
   * is 0.
   */
  public double[] doubles() {
    double[] mean = preprocessing.mean();
    double[] std = preprocessing.std();
    double[] out = new double[3 * height * width];
    for (int y = 0; y < contentHeight; y++) {
      for (int i = 0; i < 3 * contentWidth; i++) {
        int level = rgb[3 * contentWidth * y + i] & 0xff;
        out[3 * width * y + i] = (level - mean[i % 3]) / std[i % 3];
      }
    }
    return out;
  }

  /** The same with left and right exchanged; padding stays on the right. */
  public PreparedImage mirrored() {
    byte[] mirrored = new byte[rgb.length];
    for (int y = 0; y < contentHeight; y++) {
      for (int x = 0; x < contentWidth; x++) {
        int from = 3 * (y * contentWidth + contentWidth - 1 - x);
        System.arraycopy(rgb, from, mirrored, 3 * (y * contentWidth + x), 3);
      }
    }
    return new PreparedImage(
        mirrored,
        contentHeight,
        contentWidth,
        height,
        width,
        originalHeight,
        originalWidth,
        preprocessing);
  }
}
