package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Prediction;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Products of two computed matrices, and labels. */
final class PredictionKernels {
  private PredictionKernels() {}

  static Launch launch(String id, Prediction prediction, Arrays arrays) {
    return new Launch(
        switch (prediction) {
          case Prediction.Product product -> productTask(id, product, arrays);
          case Prediction.Argmax(Buffer logits, int classes, Buffer out) ->
              new TaskPackage(
                  id,
                  PredictionKernels::argmax,
                  arrays.floats(logits),
                  arrays.bytes(out),
                  out.length(),
                  classes);
        });
  }

  private static TaskPackage productTask(String id, Prediction.Product product, Arrays arrays) {
    FloatArray a = arrays.floats(product.a());
    if (product.kind() == Operation.Kind.PRODUCT_ARGMAX) {
      return new TaskPackage(
          id,
          PredictionKernels::productArgmax,
          a,
          arrays.floats(product.b()),
          arrays.bytes(product.output()),
          product.n(),
          product.rows(),
          product.columns(),
          product.depth(),
          product.bRows(),
          Lanes.VECTORS.channels(product.columns()));
    }
    FloatArray out = arrays.floats(product.output());
    if (product.values() != null) {
      return new TaskPackage(
          id,
          PredictionKernels::productSpikes,
          a,
          arrays.bytes(product.b()),
          arrays.floats(product.values()),
          out,
          product.n() * product.rows(),
          product.rows(),
          product.columns(),
          product.depth(),
          product.bRows());
    }
    return new TaskPackage(
        id,
        PredictionKernels::product,
        a,
        arrays.floats(product.b()),
        out,
        product.n(),
        product.rows(),
        product.columns(),
        product.depth(),
        product.bRows(),
        Lanes.VECTORS.channels(product.columns()));
  }

  /** See {@link Prediction.Product}: a work-item computes {@code tile} columns of four rows. */
  static void product(
      FloatArray a,
      FloatArray b,
      FloatArray out,
      int maps,
      int rows,
      int columns,
      int depth,
      int bRows,
      int tile) {
    for (@Parallel int group = 0; group < columns / tile; group++) {
      for (@Parallel int four = 0; four < maps * ((rows + 3) / 4); four++) {
        float[] s0 = new float[Tiles.CHANNELS];
        float[] s1 = new float[Tiles.CHANNELS];
        float[] s2 = new float[Tiles.CHANNELS];
        float[] s3 = new float[Tiles.CHANNELS];
        int n = four / ((rows + 3) / 4);
        int end = (n + 1) * rows;
        int line = n * rows + four % ((rows + 3) / 4) * 4;
        int column = group * tile;
        sum(a, b, s0, s1, s2, s3, line, end, n * bRows + column, depth, tile);
        Tiles.store(out, s0, line, column, end, columns, tile);
        Tiles.store(out, s1, line + 1, column, end, columns, tile);
        Tiles.store(out, s2, line + 2, column, end, columns, tile);
        Tiles.store(out, s3, line + 3, column, end, columns, tile);
      }
    }
  }

  /** Products of four lines of a, the one before end again where there are fewer. */
  private static void sum(
      FloatArray a,
      FloatArray b,
      float[] s0,
      float[] s1,
      float[] s2,
      float[] s3,
      int line,
      int end,
      int bLine,
      int depth,
      int tile) {
    int a0 = line * depth;
    int a1 = Math.min(line + 1, end - 1) * depth;
    int a2 = Math.min(line + 2, end - 1) * depth;
    int a3 = Math.min(line + 3, end - 1) * depth;
    for (int j = 0; j < tile; j++) {
      s0[j] = 0;
      s1[j] = 0;
      s2[j] = 0;
      s3[j] = 0;
    }
    for (int i = 0; i < depth; i++) {
      float v0 = a.get(a0 + i);
      float v1 = a.get(a1 + i);
      float v2 = a.get(a2 + i);
      float v3 = a.get(a3 + i);
      for (int j = 0; j < tile; j++) {
        float value = b.get((bLine + j) * depth + i);
        s0[j] = Fused.multiplyAdd(v0, value, s0[j]);
        s1[j] = Fused.multiplyAdd(v1, value, s1[j]);
        s2[j] = Fused.multiplyAdd(v2, value, s2[j]);
        s3[j] = Fused.multiplyAdd(v3, value, s3[j]);
      }
    }
  }

  /** See {@link Prediction.Product}. */
  static void productSpikes(
      FloatArray a,
      ByteArray b,
      FloatArray values,
      FloatArray out,
      int lines,
      int rows,
      int columns,
      int depth,
      int bRows) {
    for (@Parallel int column = 0; column < columns; column++) {
      for (@Parallel int line = 0; line < lines; line++) {
        int bAt = (line / rows * bRows + column) * depth;
        float sum = 0;
        for (int i = 0; i < depth; i++) {
          sum = Fused.multiplyAdd(a.get(line * depth + i), values.get(b.get(bAt + i)), sum);
        }
        out.set(line * columns + column, sum);
      }
    }
  }

  /** See {@link Prediction.Product}: a work-item finds the labels of four rows. */
  static void productArgmax(
      FloatArray a,
      FloatArray b,
      ByteArray out,
      int maps,
      int rows,
      int columns,
      int depth,
      int bRows,
      int tile) {
    for (@Parallel int four = 0; four < maps * ((rows + 3) / 4); four++) {
      float[] s0 = new float[Tiles.CHANNELS];
      float[] s1 = new float[Tiles.CHANNELS];
      float[] s2 = new float[Tiles.CHANNELS];
      float[] s3 = new float[Tiles.CHANNELS];
      int n = four / ((rows + 3) / 4);
      int end = (n + 1) * rows;
      int line = n * rows + four % ((rows + 3) / 4) * 4;
      float max0 = Float.NEGATIVE_INFINITY;
      float max1 = Float.NEGATIVE_INFINITY;
      float max2 = Float.NEGATIVE_INFINITY;
      float max3 = Float.NEGATIVE_INFINITY;
      int best0 = 0;
      int best1 = 0;
      int best2 = 0;
      int best3 = 0;
      for (int column = 0; column < columns; column += tile) {
        sum(a, b, s0, s1, s2, s3, line, end, n * bRows + column, depth, tile);
        for (int j = 0; j < tile; j++) {
          best0 = s0[j] > max0 ? column + j : best0;
          best1 = s1[j] > max1 ? column + j : best1;
          best2 = s2[j] > max2 ? column + j : best2;
          best3 = s3[j] > max3 ? column + j : best3;
          max0 = Math.max(max0, s0[j]);
          max1 = Math.max(max1, s1[j]);
          max2 = Math.max(max2, s2[j]);
          max3 = Math.max(max3, s3[j]);
        }
      }
      store(out, line, end, best0);
      store(out, line + 1, end, best1);
      store(out, line + 2, end, best2);
      store(out, line + 3, end, best3);
    }
  }

  private static void store(ByteArray out, int line, int end, int label) {
    if (line < end) {
      out.set(line, (byte) label);
    }
  }

  /** See {@link Prediction.Argmax}. */
  static void argmax(FloatArray logits, ByteArray out, int pixels, int classes) {
    for (@Parallel int p = 0; p < pixels; p++) {
      float greatest = logits.get(p * classes);
      int best = 0;
      for (int k = 1; k < classes; k++) {
        if (logits.get(p * classes + k) > greatest) {
          greatest = logits.get(p * classes + k);
          best = k;
        }
      }
      out.set(p, (byte) best);
    }
  }
}
