package org.spike2former.train;

import java.util.Arrays;
import org.spike2former.tensor.cpu.Exp;
import org.spike2former.tensor.cpu.Log;

/**
 * Sigmoid focal loss (γ = 2, α = ¼) and dice loss of one mask against one target, at the target's
 * size, and their gradient. An instance keeps arrays between masks and is for one thread at a time.
 */
@SuppressWarnings("cast") // the float64 twin casts double to double
final class MaskLossF32 {
  private static final float ALPHA = 0.25f;

  private final UpsamplingF32 resize;
  private final float[] stretched;
  private final float[] logits;
  private final float[] focalGradient;
  private final float[] slope;
  private final float[] focal;
  private final float[] probability;
  private double focalSum;
  private double overlap;
  private double area;

  MaskLossF32(UpsamplingF32 resize) {
    this.resize = resize;
    stretched = new float[resize.h * resize.width];
    logits = new float[resize.width];
    focal = new float[resize.width];
    probability = new float[resize.width];
    focalGradient = new float[resize.height * resize.width];
    slope = new float[resize.height * resize.width];
  }

  /**
   * Compares a mask with a target.
   *
   * @param masks holds the mask [h, w], its elements stride apart, the first at base
   * @param slots slot of each pixel, [height, width]
   * @param slot the target's
   * @return the focal loss summed over the pixels, and the dice loss
   */
  double[] compare(float[] masks, int base, int stride, byte[] slots, int slot, int targetArea) {
    resize.stretch(masks, base, stride, stretched);
    focalSum = 0;
    overlap = 0;
    area = 0;
    for (int y = 0; y < resize.height; y++) {
      resize.row(stretched, y, logits);
      elements(slots, y * resize.width, (byte) slot);
      sums(slots, y * resize.width, (byte) slot);
    }
    return new double[] {focalSum, 1 - (2 * overlap + 1) / (area + targetArea + 1)};
  }

  /**
   * Adds the gradient of {@code focalFactor·focal + diceFactor·dice} of the mask just compared to
   * zeros in out, placed as the mask.
   */
  void gradient(
      byte[] slots,
      int slot,
      int targetArea,
      double focalFactor,
      double diceFactor,
      float[] out,
      int base,
      int stride) {
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
        float dice = slots[row + x] == (byte) slot ? on : off;
        logits[x] = factor * focalGradient[row + x] + slope[row + x] * dice;
      }
      resize.rowGradient(logits, y, stretched);
    }
    resize.stretchGradient(stretched, out, base, stride);
  }

  /**
   * With y the logit of the wrong answer (x outside the target, −x inside) and p its sigmoid, the
   * focal loss is {@code a·p²·softplus(y)}, whose derivative is {@code a·p²·(p + 2·softplus(y)·(1 −
   * p))}.
   */
  private void elements(byte[] slots, int row, byte slot) {
    for (int x = 0; x < resize.width; x++) {
      boolean inside = slots[row + x] == slot;
      float sign = inside ? -1 : 1;
      float y = sign * logits[x];
      float e = Exp.exp(-Math.abs(y));
      float large = 1 / (1 + e);
      float small = e * large;
      float p = y >= 0 ? large : small;
      float other = y >= 0 ? small : large;
      float softplus = Log.log1p(e) + Math.max(y, 0);
      float weight = (inside ? ALPHA : 1 - ALPHA) * p * p;
      focal[x] = weight * softplus;
      focalGradient[row + x] = sign * weight * (p + 2 * softplus * other);
      slope[row + x] = large * small;
      probability[x] = inside ? other : p;
    }
  }

  private void sums(byte[] slots, int row, byte slot) {
    double focalRow = 0;
    double overlapRow = 0;
    double areaRow = 0;
    for (int x = 0; x < resize.width; x++) {
      focalRow += focal[x];
      areaRow += probability[x];
      overlapRow += slots[row + x] == slot ? probability[x] : 0;
    }
    focalSum += focalRow;
    overlap += overlapRow;
    area += areaRow;
  }
}
