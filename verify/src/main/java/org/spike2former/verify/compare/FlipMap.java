package org.spike2former.verify.compare;

import java.util.stream.IntStream;
import org.spike2former.tensor.Tensor;

/**
 * Where in a neuron layer spikes differ: counts on a grid, summed over time, images and, on an
 * image, channels.
 *
 * @param axes what the grid's axes are, in words
 * @param rows rows of the grid, at most {@value #MOST}; a larger layer has several of its rows in
 *     one
 * @param columns columns, likewise
 * @param counts differing spikes in each cell, row-major
 */
public record FlipMap(String axes, int rows, int columns, int[] counts) {
  static final int MOST = 128;

  /** Compares spikes [n, h, w, C], on h × w, or [n, N, C], on N × C. */
  static FlipMap of(Tensor recorded, Tensor computed) {
    boolean image = computed.rank() == 4;
    int channels = computed.dim(-1);
    int width = image ? computed.dim(2) : channels;
    int height = computed.dim(1);
    int each = image ? channels : 1;
    int tall = (height - 1) / MOST + 1;
    int wide = (width - 1) / MOST + 1;
    int columns = (width - 1) / wide + 1;
    int rows = (height - 1) / tall + 1;
    int[] counts = new int[rows * columns];
    byte[] wanted = recorded.bytes();
    byte[] found = computed.bytes();
    for (int i = 0; i < found.length; i++) {
      if (wanted[i] != found[i]) {
        int cell = i / each % (height * width);
        counts[cell / width / tall * columns + cell % width / wide]++;
      }
    }
    return new FlipMap(image ? "height × width" : "tokens × channels", rows, columns, counts);
  }

  /** The greatest count. */
  public int most() {
    return IntStream.of(counts).max().orElse(0);
  }
}
