package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Attention on spikes, in integers, so that any order of summation gives the same bits. Sums are
 * int32, where the CPU has int64: with spikes of at most D they are right while keys · channels of
 * a head · D³ stays below 2³¹.
 */
final class AttentionKernels {
  /** Work-items that share the keys where there are many. */
  private static final int GROUP = 64;

  /** From so many keys on they are shared. */
  private static final int MANY_KEYS = 1024;

  private AttentionKernels() {}

  static Launch keyValue(String id, Step step, Arrays arrays) {
    ByteArray k = arrays.bytes(step.input(0));
    ByteArray v = arrays.bytes(step.input(1));
    IntArray out = arrays.ints(step.output());
    int n = step.size(0);
    int keys = step.size(1);
    int channels = step.size(2);
    int values = step.size(3);
    int width = channels / step.size(4);
    int valueWidth = values / step.size(4);
    int tile = Tiles.of(valueWidth);
    if (keys < MANY_KEYS) {
      return new Launch(
          new TaskPackage(
              id,
              AttentionKernels::keyValue,
              k,
              v,
              out,
              n,
              keys,
              channels,
              values,
              width,
              valueWidth,
              tile));
    }
    WorkerGrid grid = new WorkerGrid2D(GROUP * (channels * valueWidth / tile), n);
    grid.setLocalWork(GROUP, 1, 1);
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::keyValueShared,
            new KernelContext(),
            k,
            v,
            out,
            keys,
            channels,
            values,
            width,
            valueWidth,
            tile),
        grid);
  }

  /** See {@code Operation.KEY_VALUE}: a work-item for a few neighbouring sums. */
  static void keyValue(
      ByteArray k,
      ByteArray v,
      IntArray out,
      int maps,
      int keys,
      int channels,
      int values,
      int width,
      int valueWidth,
      int tile) {
    for (@Parallel int group = 0; group < channels * (valueWidth / tile); group++) {
      for (@Parallel int n = 0; n < maps; n++) {
        int[] sums = new int[Tiles.CHANNELS];
        int channel = group / (valueWidth / tile);
        int value = group % (valueWidth / tile) * tile;
        int vAt = channel / width * valueWidth + value;
        addKeys(k, v, sums, n, channel, vAt, 0, 1, keys, channels, values, tile);
        for (int j = 0; j < tile; j++) {
          out.set((n * channels + channel) * valueWidth + value + j, sums[j]);
        }
      }
    }
  }

  /** As {@link #keyValue}, with a group of 64 work-items for a few neighbouring sums. */
  static void keyValueShared(
      KernelContext context,
      ByteArray k,
      ByteArray v,
      IntArray out,
      int keys,
      int channels,
      int values,
      int width,
      int valueWidth,
      int tile) {
    int[] shared = context.allocateIntLocalArray(GROUP * Tiles.CHANNELS);
    int[] sums = new int[Tiles.CHANNELS];
    int n = context.globalIdy;
    int item = context.localIdx;
    int channel = context.groupIdx / (valueWidth / tile);
    int value = context.groupIdx % (valueWidth / tile) * tile;
    int vAt = channel / width * valueWidth + value;
    addKeys(k, v, sums, n, channel, vAt, item, GROUP, keys, channels, values, tile);
    for (int j = 0; j < tile; j++) {
      shared[j * GROUP + item] = sums[j];
    }
    context.localBarrier();
    for (int half = GROUP / 2; half > 0; half = half / 2) {
      if (item < half) {
        for (int j = 0; j < tile; j++) {
          shared[j * GROUP + item] = shared[j * GROUP + item] + shared[j * GROUP + item + half];
        }
      }
      context.localBarrier();
    }
    if (item < tile) {
      out.set((n * channels + channel) * valueWidth + value + item, shared[item * GROUP]);
    }
  }

  /** Products of the keys first, first + by…, summed. */
  private static void addKeys(
      ByteArray k,
      ByteArray v,
      int[] sums,
      int n,
      int channel,
      int vAt,
      int first,
      int by,
      int keys,
      int channels,
      int values,
      int tile) {
    for (int j = 0; j < tile; j++) {
      sums[j] = 0;
    }
    for (int key = first; key < keys; key = key + by) {
      int kValue = k.get((n * keys + key) * channels + channel);
      int at = (n * keys + key) * values + vAt;
      for (int j = 0; j < tile; j++) {
        sums[j] = sums[j] + kValue * v.get(at + j);
      }
    }
  }

  static Launch queryValue(String id, Step step, Arrays arrays) {
    ByteArray q = arrays.bytes(step.input(0));
    IntArray keyValues = arrays.ints(step.input(1));
    FloatArray out = arrays.floats(step.output());
    int channels = step.size(2);
    int values = step.size(3);
    int width = channels / step.size(4);
    int valueWidth = values / step.size(4);
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::queryValue,
            q,
            keyValues,
            out,
            step.size(0) * step.size(1),
            step.size(1),
            channels,
            values,
            width,
            valueWidth,
            step.factors()[0],
            Tiles.of(valueWidth)));
  }

  /** See {@code Operation.QUERY_VALUE}. */
  static void queryValue(
      ByteArray q,
      IntArray keyValues,
      FloatArray out,
      int rows,
      int queries,
      int channels,
      int values,
      int width,
      int valueWidth,
      float scale,
      int tile) {
    for (@Parallel int group = 0; group < values / tile; group++) {
      for (@Parallel int row = 0; row < rows; row++) {
        int[] sums = new int[Tiles.CHANNELS];
        int value = group * tile;
        int first = value / valueWidth * width;
        int table = (row / queries * channels + first) * valueWidth + value % valueWidth;
        for (int j = 0; j < tile; j++) {
          sums[j] = 0;
        }
        for (int a = 0; a < width; a++) {
          int qValue = q.get(row * channels + first + a);
          int at = table + a * valueWidth;
          for (int j = 0; j < tile; j++) {
            sums[j] = sums[j] + qValue * keyValues.get(at + j);
          }
        }
        for (int j = 0; j < tile; j++) {
          float sum = sums[j];
          out.set(row * values + value + j, sum * scale);
        }
      }
    }
  }

  static Launch queryKey(String id, Step step, Arrays arrays) {
    ByteArray q = arrays.bytes(step.input(0));
    ByteArray k = arrays.bytes(step.input(1));
    IntArray out = arrays.ints(step.output());
    int heads = step.size(4);
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::queryKey,
            q,
            k,
            out,
            step.size(0) * heads * step.size(1),
            step.size(1),
            step.size(2),
            step.size(3),
            heads,
            step.size(3) / heads));
  }

  /** See {@code Operation.QUERY_KEY}; a row is a query of a head of a map. */
  static void queryKey(
      ByteArray q,
      ByteArray k,
      IntArray out,
      int rows,
      int queries,
      int keys,
      int channels,
      int heads,
      int width) {
    for (@Parallel int key = 0; key < keys; key++) {
      for (@Parallel int row = 0; row < rows; row++) {
        int n = row / (queries * heads);
        int head = row / queries % heads;
        int qAt = (n * queries + row % queries) * channels + head * width;
        int kAt = (n * keys + key) * channels + head * width;
        int sum = 0;
        for (int a = 0; a < width; a++) {
          sum = sum + q.get(qAt + a) * k.get(kAt + a);
        }
        out.set(row * keys + key, sum);
      }
    }
  }

  static Launch scoreValue(String id, Step step, Arrays arrays) {
    IntArray scores = arrays.ints(step.input(0));
    ByteArray v = arrays.bytes(step.input(1));
    FloatArray out = arrays.floats(step.output());
    int heads = step.size(4);
    int values = step.size(3);
    int valueWidth = values / heads;
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::scoreValue,
            scores,
            v,
            out,
            step.size(0) * step.size(1),
            step.size(1),
            step.size(2),
            values,
            heads,
            valueWidth,
            step.factors()[0],
            Tiles.of(valueWidth)));
  }

  /** See {@code Operation.SCORE_VALUE}. */
  static void scoreValue(
      IntArray scores,
      ByteArray v,
      FloatArray out,
      int rows,
      int queries,
      int keys,
      int values,
      int heads,
      int valueWidth,
      float scale,
      int tile) {
    for (@Parallel int group = 0; group < values / tile; group++) {
      for (@Parallel int row = 0; row < rows; row++) {
        int[] sums = new int[Tiles.CHANNELS];
        int value = group * tile;
        int n = row / queries;
        int line = ((n * heads + value / valueWidth) * queries + row % queries) * keys;
        for (int j = 0; j < tile; j++) {
          sums[j] = 0;
        }
        for (int key = 0; key < keys; key++) {
          int score = scores.get(line + key);
          int at = (n * keys + key) * values + value;
          for (int j = 0; j < tile; j++) {
            sums[j] = sums[j] + score * v.get(at + j);
          }
        }
        for (int j = 0; j < tile; j++) {
          float sum = sums[j];
          out.set(row * values + value + j, sum * scale);
        }
      }
    }
  }
}
