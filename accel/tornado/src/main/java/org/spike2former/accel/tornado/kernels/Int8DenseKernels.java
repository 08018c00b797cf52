package org.spike2former.accel.tornado.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Dense convolution of spikes with 8-bit weights, see {@code Operation.INT8_DENSE}. A work-item
 * computes {@code tile} channels of four pixels, so that each weight is loaded once for the four.
 */
final class Int8DenseKernels {
  private Int8DenseKernels() {}

  /** Potentials. */
  static void floats(
      ByteArray x,
      ByteArray weights,
      FloatArray scale,
      FloatArray bias,
      FloatArray out,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int tile) {
    for (@Parallel int group = 0; group < cout / tile; group++) {
      for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(
            x, weights, s0, s1, s2, s3, p, co, pixels, h, w, cin, cout, kh, kw, stride, pad, oh, ow,
            tile);
        Int8Tiles.store(out, s0, scale, bias, p, co, pixels, cout, tile);
        Int8Tiles.store(out, s1, scale, bias, p + 1, co, pixels, cout, tile);
        Int8Tiles.store(out, s2, scale, bias, p + 2, co, pixels, cout, tile);
        Int8Tiles.store(out, s3, scale, bias, p + 3, co, pixels, cout, tile);
      }
    }
  }

  /** Potentials added to a residual. */
  static void residual(
      ByteArray x,
      ByteArray weights,
      FloatArray scale,
      FloatArray bias,
      FloatArray residual,
      FloatArray out,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int tile) {
    for (@Parallel int group = 0; group < cout / tile; group++) {
      for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(
            x, weights, s0, s1, s2, s3, p, co, pixels, h, w, cin, cout, kh, kw, stride, pad, oh, ow,
            tile);
        Int8Tiles.storeSum(residual, out, s0, scale, bias, p, co, pixels, cout, tile);
        Int8Tiles.storeSum(residual, out, s1, scale, bias, p + 1, co, pixels, cout, tile);
        Int8Tiles.storeSum(residual, out, s2, scale, bias, p + 2, co, pixels, cout, tile);
        Int8Tiles.storeSum(residual, out, s3, scale, bias, p + 3, co, pixels, cout, tile);
      }
    }
  }

  /** Spikes: how many thresholds a sum reaches. */
  static void spikes(
      ByteArray x,
      ByteArray weights,
      IntArray thresholds,
      ByteArray out,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int maxSpikes,
      int tile) {
    for (@Parallel int group = 0; group < cout / tile; group++) {
      for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(
            x, weights, s0, s1, s2, s3, p, co, pixels, h, w, cin, cout, kh, kw, stride, pad, oh, ow,
            tile);
        Int8Tiles.storeSpikes(out, s0, thresholds, p, co, pixels, cout, tile, maxSpikes);
        Int8Tiles.storeSpikes(out, s1, thresholds, p + 1, co, pixels, cout, tile, maxSpikes);
        Int8Tiles.storeSpikes(out, s2, thresholds, p + 2, co, pixels, cout, tile, maxSpikes);
        Int8Tiles.storeSpikes(out, s3, thresholds, p + 3, co, pixels, cout, tile, maxSpikes);
      }
    }
  }

  /** Sums of the pixels p…p+3, the last one again where there are fewer. */
  private static void sum(
      ByteArray x,
      ByteArray weights,
      int[] s0,
      int[] s1,
      int[] s2,
      int[] s3,
      int p,
      int co,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int tile) {
    int p1 = Math.min(p + 1, pixels - 1);
    int p2 = Math.min(p + 2, pixels - 1);
    int p3 = Math.min(p + 3, pixels - 1);
    for (int j = 0; j < tile; j++) {
      s0[j] = 0;
      s1[j] = 0;
      s2[j] = 0;
      s3[j] = 0;
    }
    for (int r = 0; r < kh; r++) {
      for (int c = 0; c < kw; c++) {
        int a0 = Taps.at(p, r, c, h, w, cin, stride, pad, oh, ow);
        int a1 = Taps.at(p1, r, c, h, w, cin, stride, pad, oh, ow);
        int a2 = Taps.at(p2, r, c, h, w, cin, stride, pad, oh, ow);
        int a3 = Taps.at(p3, r, c, h, w, cin, stride, pad, oh, ow);
        // Negative only if all are.
        if ((a0 & a1 & a2 & a3) >= 0) {
          int in0 = a0 >= 0 ? 1 : 0;
          int in1 = a1 >= 0 ? 1 : 0;
          int in2 = a2 >= 0 ? 1 : 0;
          int in3 = a3 >= 0 ? 1 : 0;
          int row = (r * kw + c) * cin;
          for (int ci = 0; ci < cin; ci++) {
            int v0 = in0 * x.get(Math.max(a0, 0) + ci);
            int v1 = in1 * x.get(Math.max(a1, 0) + ci);
            int v2 = in2 * x.get(Math.max(a2, 0) + ci);
            int v3 = in3 * x.get(Math.max(a3, 0) + ci);
            int at = (row + ci) * cout + co;
            for (int j = 0; j < tile; j++) {
              int weight = weights.get(at + j);
              s0[j] = s0[j] + v0 * weight;
              s1[j] = s1[j] + v1 * weight;
              s2[j] = s2[j] + v2 * weight;
              s3[j] = s3[j] + v3 * weight;
            }
          }
        }
      }
    }
  }
}
