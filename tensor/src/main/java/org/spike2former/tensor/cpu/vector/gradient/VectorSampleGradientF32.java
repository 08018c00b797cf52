package org.spike2former.tensor.cpu.vector.gradient;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;

/**
 * Backward of deformable sampling for some groups and all pixels: what the corners of a point
 * receive has channels in lanes, and what the point's place and mask receive is four sums over
 * channels side by side. See {@link GradientKernelsF32#deformSample}.
 */
final class VectorSampleGradientF32 {
  private static final VectorSpecies<Float> NARROW = VectorWidth.NARROW_F32;
  private static final int POINTS = 9;

  private final int h;
  private final int w;
  private final int channels;
  private final int groups;

  /** Channels of a group. */
  private final int width;

  private final float[] values;
  private final float[] offsets;
  private final byte[] masks;
  private final float maskScale;
  private final float[] dy;
  private final float[] dv;
  private final float[] dOffset;
  private final float[] dMask;

  VectorSampleGradientF32(
      Tensor v,
      Tensor offset,
      Tensor mask,
      int groups,
      float[] dy,
      float[] dv,
      float[] dOffset,
      float[] dMask) {
    h = v.dim(1);
    w = v.dim(2);
    channels = v.dim(3);
    this.groups = groups;
    width = channels / groups;
    values = v.floats();
    offsets = offset.floats();
    masks = mask.bytes();
    maskScale = (float) mask.scale();
    this.dy = dy;
    this.dv = dv;
    this.dOffset = dOffset;
    this.dMask = dMask;
  }

  /** The groups from…to. */
  void run(int from, int to) {
    // Threads share groups, not pixels: points of different pixels may add to the same corner.
    for (int pixel = 0; pixel < values.length / channels; pixel++) {
      for (int g = from; g < to; g++) {
        int at = (pixel * groups + g) * POINTS;
        for (int p = 0; p < POINTS; p++) {
          point(pixel, g, p, at + p);
        }
      }
    }
  }

  private void point(int pixel, int g, int p, int at) {
    float m = masks[at] * maskScale;
    float x = pixel % w + (p / 3 - 1) + offsets[2 * at];
    float y = pixel / w % h + (p % 3 - 1) + offsets[2 * at + 1];
    float floorX = (float) Math.floor(x);
    float floorY = (float) Math.floor(y);
    float right = x - floorX;
    float bottom = y - floorY;
    float left = 1 - right;
    float top = 1 - bottom;
    int column = (int) floorX;
    int row = (int) floorY;
    boolean isLeft = column >= 0 && column < w;
    boolean isRight = column >= -1 && column < w - 1;
    boolean isTop = row >= 0 && row < h;
    boolean isBottom = row >= -1 && row < h - 1;

    int dyAt = pixel * channels + g * width;
    int map = pixel / (h * w) * h;
    int a = isTop && isLeft ? ((map + row) * w + column) * channels + g * width : -1;
    int b = isTop && isRight ? ((map + row) * w + column + 1) * channels + g * width : -1;
    int c = isBottom && isLeft ? ((map + row + 1) * w + column) * channels + g * width : -1;
    int d = isBottom && isRight ? ((map + row + 1) * w + column + 1) * channels + g * width : -1;

    // A corner outside the map reads some numbers that are there, and its sum does not count.
    int readA = Math.max(a, 0);
    int readB = Math.max(b, 0);
    int readC = Math.max(c, 0);
    int readD = Math.max(d, 0);
    float sumA = 0;
    float sumB = 0;
    float sumC = 0;
    float sumD = 0;
    // A sum over channels in order cannot be spread over lanes; the four corners are four chains
    // that do not wait for each other.
    for (int i = 0; i < width; i++) {
      float gradient = dy[dyAt + i];
      sumA = Math.fma(gradient, values[readA + i], sumA);
      sumB = Math.fma(gradient, values[readB + i], sumB);
      sumC = Math.fma(gradient, values[readC + i], sumC);
      sumD = Math.fma(gradient, values[readD + i], sumD);
    }
    sumA = a < 0 ? 0 : sumA;
    sumB = b < 0 ? 0 : sumB;
    sumC = c < 0 ? 0 : sumC;
    sumD = d < 0 ? 0 : sumD;
    dMask[at] =
        left * top * sumA + right * top * sumB + left * bottom * sumC + right * bottom * sumD;
    dOffset[2 * at] = m * (top * (sumB - sumA) + bottom * (sumD - sumC));
    dOffset[2 * at + 1] = m * (left * (sumC - sumA) + right * (sumD - sumB));
    if (m != 0) {
      add(a, m * (left * top), dyAt);
      add(b, m * (right * top), dyAt);
      add(c, m * (left * bottom), dyAt);
      add(d, m * (right * bottom), dyAt);
    }
  }

  /** What one corner receives; nothing outside the map. */
  private void add(int corner, float share, int dyAt) {
    if (corner < 0) {
      return;
    }
    FloatVector shares = FloatVector.broadcast(NARROW, share);
    int bound = NARROW.loopBound(width);
    for (int i = 0; i < bound; i += NARROW.length()) {
      shares
          .fma(
              FloatVector.fromArray(NARROW, dy, dyAt + i),
              FloatVector.fromArray(NARROW, dv, corner + i))
          .intoArray(dv, corner + i);
    }
    for (int i = bound; i < width; i++) {
      dv[corner + i] = Math.fma(share, dy[dyAt + i], dv[corner + i]);
    }
  }
}
