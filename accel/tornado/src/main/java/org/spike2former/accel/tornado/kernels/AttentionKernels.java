package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Attention;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Lanes;
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
  private static final int GROUP = Attention.GROUP;

  private AttentionKernels() {}

  static Launch launch(String id, Attention half, Arrays arrays) {
    return switch (half) {
      case Attention.KeyValue keyValue -> keyValueLaunch(id, keyValue, arrays);
      case Attention.QueryValue queryValue -> queryValueLaunch(id, queryValue, arrays);
      case Attention.QueryKey queryKey -> queryKeyLaunch(id, queryKey, arrays);
      case Attention.ScoreValue scoreValue -> scoreValueLaunch(id, scoreValue, arrays);
    };
  }

  private static Launch keyValueLaunch(String id, Attention.KeyValue half, Arrays arrays) {
    ByteArray k = arrays.bytes(half.k());
    ByteArray v = arrays.bytes(half.v());
    IntArray out = arrays.ints(half.output());
    Attention.Extents e = half.extents();
    if (e.itemsForKeys() == 1) {
      return new Launch(
          new TaskPackage(
              id,
              AttentionKernels::keyValue,
              k,
              v,
              out,
              e.n(),
              e.keys(),
              e.channels(),
              e.values(),
              e.width(),
              e.valueWidth(),
              arrays.lanes().channels(e.valueWidth())));
    }
    // Here neighbours share a sum, whatever the device.
    int tile = Lanes.VECTORS.channels(e.valueWidth());
    WorkerGrid grid = new WorkerGrid2D(GROUP * (e.channels() * e.valueWidth() / tile), e.n());
    grid.setLocalWork(GROUP, 1, 1);
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::keyValueShared,
            new KernelContext(),
            k,
            v,
            out,
            e.keys(),
            e.channels(),
            e.values(),
            e.width(),
            e.valueWidth(),
            tile),
        grid);
  }

  /** See {@link Attention.KeyValue}: a work-item for a few neighbouring sums. */
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

  private static Launch queryValueLaunch(String id, Attention.QueryValue half, Arrays arrays) {
    Attention.Extents e = half.extents();
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::queryValue,
            arrays.bytes(half.q()),
            arrays.ints(half.keyValues()),
            arrays.floats(half.output()),
            e.n() * e.queries(),
            e.queries(),
            e.channels(),
            e.values(),
            e.width(),
            e.valueWidth(),
            half.scale(),
            arrays.lanes().channels(e.valueWidth())));
  }

  /** The launch of a second half whose result only a neuron reads. */
  static Launch launch(String id, Attention.QueryValue half, Finish finish, Arrays arrays) {
    Attention.Extents e = half.extents();
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::queryValueSpikes,
            arrays.bytes(half.q()),
            arrays.ints(half.keyValues()),
            arrays.bytes(finish.spikes()),
            e.n() * e.queries(),
            e.queries(),
            e.channels(),
            e.values(),
            e.width(),
            e.valueWidth(),
            half.scale(),
            finish.maxSpikes(),
            arrays.lanes().channels(e.valueWidth())));
  }

  /** See {@link Attention.QueryValue}. */
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
        addQuery(q, keyValues, sums, row, value, queries, channels, width, valueWidth, tile);
        for (int j = 0; j < tile; j++) {
          float sum = sums[j];
          out.set(row * values + value + j, sum * scale);
        }
      }
    }
  }

  /** As {@link #queryValue}, the integer neuron's spikes. */
  static void queryValueSpikes(
      ByteArray q,
      IntArray keyValues,
      ByteArray out,
      int rows,
      int queries,
      int channels,
      int values,
      int width,
      int valueWidth,
      float scale,
      int maxSpikes,
      int tile) {
    for (@Parallel int group = 0; group < values / tile; group++) {
      for (@Parallel int row = 0; row < rows; row++) {
        int[] sums = new int[Tiles.CHANNELS];
        int value = group * tile;
        addQuery(q, keyValues, sums, row, value, queries, channels, width, valueWidth, tile);
        for (int j = 0; j < tile; j++) {
          float sum = sums[j];
          out.set(row * values + value + j, (byte) NeuronKernels.spike(sum * scale, maxSpikes));
        }
      }
    }
  }

  /** Products of a query with kᵀ·v, summed. */
  private static void addQuery(
      ByteArray q,
      IntArray keyValues,
      int[] sums,
      int row,
      int value,
      int queries,
      int channels,
      int width,
      int valueWidth,
      int tile) {
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
  }

  private static Launch queryKeyLaunch(String id, Attention.QueryKey half, Arrays arrays) {
    Attention.Extents e = half.extents();
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::queryKey,
            arrays.bytes(half.q()),
            arrays.bytes(half.k()),
            arrays.ints(half.output()),
            e.n() * e.heads() * e.queries(),
            e.queries(),
            e.keys(),
            e.channels(),
            e.heads(),
            e.width()));
  }

  /** See {@link Attention.QueryKey}; a row is a query of a head of a map. */
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

  private static Launch scoreValueLaunch(String id, Attention.ScoreValue half, Arrays arrays) {
    Attention.Extents e = half.extents();
    return new Launch(
        new TaskPackage(
            id,
            AttentionKernels::scoreValue,
            arrays.ints(half.scores()),
            arrays.bytes(half.v()),
            arrays.floats(half.output()),
            e.n() * e.queries(),
            e.queries(),
            e.keys(),
            e.values(),
            e.heads(),
            e.valueWidth(),
            half.scale(),
            arrays.lanes().channels(e.valueWidth())));
  }

  /** See {@link Attention.ScoreValue}. */
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
