package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.operation.Buffer.constant;
import static org.spike2former.accel.tornado.kernels.KernelCheck.OPS;
import static org.spike2former.accel.tornado.kernels.KernelCheck.check;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikes;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.accel.operation.Attention;
import org.spike2former.tensor.Tensor;

class AttentionKernelsTest {
  private final Random random = new Random(3);

  /** From 1024 keys on a group of work-items shares them, which has barriers and no Java. */
  @ParameterizedTest
  @CsvSource({
    // maps, queries, keys, channels, values, heads
    "2, 13, 65, 24, 24, 3",
    "1, 1, 1, 1, 1, 1",
    "2, 7, 1023, 12, 20, 2",
    "2, 63, 1031, 16, 32, 2",
    "1, 5, 2048, 6, 10, 2"
  })
  void bothAssociations(int n, int queries, int keys, int channels, int values, int heads) {
    byte[] q = spikes(random, n * queries * channels);
    byte[] k = spikes(random, n * keys * channels);
    byte[] v = spikes(random, n * keys * values);
    float scale = 0.123f;
    float[] expected =
        OPS.attention(
                Tensor.spikes(q, 1, n, queries, channels),
                Tensor.spikes(k, 1, n, keys, channels),
                Tensor.spikes(v, 1, n, keys, values),
                heads,
                scale)
            .floats();
    int width = channels / heads;
    int valueWidth = values / heads;
    int[] keyValues = new int[n * channels * valueWidth];
    int[] scores = new int[n * heads * queries * keys];
    for (int map = 0; map < n; map++) {
      for (int c = 0; c < channels; c++) {
        int head = c / width;
        for (int key = 0; key < keys; key++) {
          int kValue = k[(map * keys + key) * channels + c];
          for (int b = 0; b < valueWidth; b++) {
            keyValues[(map * channels + c) * valueWidth + b] +=
                kValue * v[(map * keys + key) * values + head * valueWidth + b];
          }
          for (int query = 0; query < queries; query++) {
            scores[((map * heads + head) * queries + query) * keys + key] +=
                kValue * q[(map * queries + query) * channels + c];
          }
        }
      }
    }
    Attention.Extents extents = new Attention.Extents(n, queries, keys, channels, values, heads);
    check(keyValues, out -> new Attention.KeyValue(extents, constant(k), constant(v), out));
    check(
        expected,
        out -> new Attention.QueryValue(extents, constant(q), constant(keyValues), scale, out));
    check(scores, out -> new Attention.QueryKey(extents, constant(q), constant(k), out));
    check(
        expected,
        out -> new Attention.ScoreValue(extents, constant(scores), constant(v), scale, out));
  }
}
