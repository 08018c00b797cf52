package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Resize;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Bilinear resize, alone and with what follows it. */
final class ResizeKernels {
  private ResizeKernels() {}

  static Launch launch(String id, Resize resize, Arrays arrays) {
    Resize.Axis rows = resize.rows();
    Resize.Axis columns = resize.columns();
    return new Launch(
        switch (resize.kind()) {
          case RESIZE_BILINEAR ->
              new TaskPackage(
                  id,
                  ResizeKernels::bilinear,
                  arrays.floats(resize.x()),
                  arrays.ints(rows.low()),
                  arrays.ints(rows.high()),
                  arrays.floats(rows.weight()),
                  arrays.ints(columns.low()),
                  arrays.ints(columns.high()),
                  arrays.floats(columns.weight()),
                  arrays.floats(resize.output()),
                  resize.pixels(),
                  rows.in(),
                  columns.in(),
                  resize.channels(),
                  rows.out(),
                  columns.out(),
                  arrays.lanes().channels(resize.channels()));
          case RESIZE_SIGMOID ->
              new TaskPackage(
                  id,
                  ResizeKernels::sigmoid,
                  arrays.floats(resize.x()),
                  arrays.ints(rows.low()),
                  arrays.ints(rows.high()),
                  arrays.floats(rows.weight()),
                  arrays.ints(columns.low()),
                  arrays.ints(columns.high()),
                  arrays.floats(columns.weight()),
                  arrays.floats(resize.powers()),
                  arrays.floats(resize.output()),
                  resize.pixels(),
                  rows.in(),
                  columns.in(),
                  resize.channels(),
                  rows.out(),
                  columns.out(),
                  arrays.lanes().channels(resize.channels()));
          case RESIZE_ARGMAX ->
              new TaskPackage(
                  id,
                  ResizeKernels::argmax,
                  arrays.floats(resize.x()),
                  arrays.ints(rows.low()),
                  arrays.ints(rows.high()),
                  arrays.floats(rows.weight()),
                  arrays.ints(columns.low()),
                  arrays.ints(columns.high()),
                  arrays.floats(columns.weight()),
                  arrays.bytes(resize.output()),
                  resize.pixels(),
                  rows.in(),
                  columns.in(),
                  resize.channels(),
                  rows.out(),
                  columns.out());
          default -> throw new IllegalArgumentException("no kernel for " + resize);
        });
  }

  /** See {@link Resize}. */
  static void bilinear(
      FloatArray x,
      IntArray rowLow,
      IntArray rowHigh,
      FloatArray rowWeight,
      IntArray columnLow,
      IntArray columnHigh,
      FloatArray columnWeight,
      FloatArray out,
      int pixels,
      int h,
      int w,
      int channels,
      int oh,
      int ow,
      int tile) {
    for (@Parallel int group = 0; group < channels / tile; group++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        float[] line = new float[Tiles.CHANNELS];
        int row = p / ow % oh;
        int column = p % ow;
        int map = p / (oh * ow) * h;
        int top = (map + rowLow.get(row)) * w;
        int bottom = (map + rowHigh.get(row)) * w;
        int low = columnLow.get(column) * channels + group * tile;
        int high = columnHigh.get(column) * channels + group * tile;
        float down = rowWeight.get(row);
        float right = columnWeight.get(column);
        for (int j = 0; j < tile; j++) {
          line[j] =
              between(
                  x.get(top * channels + low + j),
                  x.get(top * channels + high + j),
                  x.get(bottom * channels + low + j),
                  x.get(bottom * channels + high + j),
                  right,
                  down);
        }
        Tiles.store(out, line, p, group * tile, pixels, channels, tile);
      }
    }
  }

  /** See {@link Resize}. */
  static void sigmoid(
      FloatArray x,
      IntArray rowLow,
      IntArray rowHigh,
      FloatArray rowWeight,
      IntArray columnLow,
      IntArray columnHigh,
      FloatArray columnWeight,
      FloatArray powers,
      FloatArray out,
      int pixels,
      int h,
      int w,
      int channels,
      int oh,
      int ow,
      int tile) {
    for (@Parallel int group = 0; group < channels / tile; group++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        float[] line = new float[Tiles.CHANNELS];
        int row = p / ow % oh;
        int column = p % ow;
        int map = p / (oh * ow) * h;
        int top = (map + rowLow.get(row)) * w;
        int bottom = (map + rowHigh.get(row)) * w;
        int low = columnLow.get(column) * channels + group * tile;
        int high = columnHigh.get(column) * channels + group * tile;
        float down = rowWeight.get(row);
        float right = columnWeight.get(column);
        for (int j = 0; j < tile; j++) {
          float value =
              between(
                  x.get(top * channels + low + j),
                  x.get(top * channels + high + j),
                  x.get(bottom * channels + low + j),
                  x.get(bottom * channels + high + j),
                  right,
                  down);
          line[j] = Exponential.sigmoid(value, powers);
        }
        Tiles.store(out, line, p, group * tile, pixels, channels, tile);
      }
    }
  }

  /** See {@link Resize}. */
  static void argmax(
      FloatArray x,
      IntArray rowLow,
      IntArray rowHigh,
      FloatArray rowWeight,
      IntArray columnLow,
      IntArray columnHigh,
      FloatArray columnWeight,
      ByteArray out,
      int maps,
      int h,
      int w,
      int classes,
      int oh,
      int ow) {
    for (@Parallel int p = 0; p < maps; p++) {
      int row = p / ow % oh;
      int column = p % ow;
      int map = p / (oh * ow) * h;
      int top = (map + rowLow.get(row)) * w;
      int bottom = (map + rowHigh.get(row)) * w;
      int low = columnLow.get(column) * classes;
      int high = columnHigh.get(column) * classes;
      float down = rowWeight.get(row);
      float right = columnWeight.get(column);
      float greatest = 0;
      int best = 0;
      for (int k = 0; k < classes; k++) {
        float value =
            between(
                x.get(top * classes + low + k),
                x.get(top * classes + high + k),
                x.get(bottom * classes + low + k),
                x.get(bottom * classes + high + k),
                right,
                down);
        if (k == 0 || value > greatest) {
          greatest = value;
          best = k;
        }
      }
      out.set(p, (byte) best);
    }
  }

  /** The bilinear mean, see {@link Resize}. */
  private static float between(
      float topLeft, float topRight, float bottomLeft, float bottomRight, float right, float down) {
    // No compiler knows that it is −0, which makes a fused operation of a product by itself.
    float minusZero = Math.max(-right, -0f);
    float left = 1 - right;
    float up = 1 - down;
    float above =
        Fused.multiplyAdd(left, topLeft, minusZero) + Fused.multiplyAdd(right, topRight, minusZero);
    float below =
        Fused.multiplyAdd(left, bottomLeft, minusZero)
            + Fused.multiplyAdd(right, bottomRight, minusZero);
    return Fused.multiplyAdd(up, above, minusZero) + Fused.multiplyAdd(down, below, minusZero);
  }
}
