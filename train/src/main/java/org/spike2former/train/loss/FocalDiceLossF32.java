package org.spike2former.train.loss;

import java.util.Arrays;
import org.spike2former.tensor.cpu.kernels.LossKernelsF32;

/**
 * Sigmoid focal loss (γ = 2, α = ¼) and dice loss of one mask against one target, at the target's
 * size, and their gradient. An instance keeps arrays between masks and is for one thread at a time.
 */
final class FocalDiceLossF32 {
  private final LossKernelsF32 kernels;
  private final UpsamplingF32 resize;
  private final float[] stretched;
  private final float[] logits;
  private final float[] signs;
  private final float[] focalGradient;
  private final float[] slope;
  private final float[] focal;
  private final float[] probability;
  private double focalSum;
  private double overlap;
  private double area;

  FocalDiceLossF32(LossKernelsF32 kernels, UpsamplingF32 resize) {
    this.kernels = kernels;
    this.resize = resize;
    stretched = new float[resize.h * resize.width];
    logits = new float[resize.width];
    signs = new float[resize.width];
    focal = new float[resize.width];
    probability = new float[resize.width];
    focalGradient = new float[resize.height * resize.width];
    slope = new float[resize.height * resize.width];
  }

  /**
   * Compares a mask with a target.
   *
   * @param planes holds the mask, [h, w] from base
   * @param slots slot of each pixel, [height, width]
   * @param slot the target's
   * @param targetArea its pixels
   * @return the focal loss summed over the pixels, and the dice loss
   */
  double[] compare(float[] planes, int base, short[] slots, int slot, int targetArea) {
    resize.stretch(planes, base, stretched);
    focalSum = 0;
    overlap = 0;
    area = 0;
    int width = resize.width;
    for (int row = 0; row < resize.height * width; row += width) {
      resize.row(stretched, row / width, logits);
      for (int x = 0; x < width; x++) {
        signs[x] = slots[row + x] == (short) slot ? -1 : 1;
      }
      kernels.focal(logits, signs, width, focal, probability, focalGradient, slope, row);
      sums();
    }
    return new double[] {focalSum, 1 - (2 * overlap + 1) / (area + targetArea + 1)};
  }

  private void sums() {
    double focalRow = 0;
    double overlapRow = 0;
    double areaRow = 0;
    for (int x = 0; x < resize.width; x++) {
      focalRow += focal[x];
      areaRow += probability[x];
      overlapRow += signs[x] < 0 ? probability[x] : 0;
    }
    focalSum += focalRow;
    overlap += overlapRow;
    area += areaRow;
  }

  /**
   * Writes the gradient of {@code focalFactor·focal + diceFactor·dice} of the mask just compared.
   *
   * @param out receives it, [h, w] from base
   */
  void gradient(
      short[] slots,
      int slot,
      int targetArea,
      double focalFactor,
      double diceFactor,
      float[] out,
      int base) {
    double denominator = area + targetArea + 1;
    double outside = diceFactor * (2 * overlap + 1) / (denominator * denominator);
    float off = (float) outside;
    float on = (float) (outside - 2 * diceFactor / denominator);
    float factor = (float) focalFactor;
    Arrays.fill(stretched, 0);
    int width = resize.width;
    for (int y = 0; y < resize.height; y++) {
      int row = y * width;
      for (int x = 0; x < width; x++) {
        float dice = slots[row + x] == (short) slot ? on : off;
        logits[x] = factor * focalGradient[row + x] + slope[row + x] * dice;
      }
      resize.rowGradient(logits, y, stretched);
    }
    resize.stretchGradient(stretched, out, base);
  }
}
