package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;

class TransposeTest {
  @Property(tries = 100)
  void everyElementChangesRowAndColumn(
      @ForAll @IntRange(min = 1, max = 3) int maps,
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll @IntRange(min = 1, max = 4) int threads,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] reals = new float[maps * rows * columns];
    byte[] spikes = new byte[reals.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = random.nextInt();
      spikes[i] = (byte) random.nextInt(0, 128);
    }
    try (Workers workers = new Workers(threads)) {
      Ops ops = Backends.create(Backend.SCALAR, Precision.F32, workers);
      requireTransposed(ops, Tensor.of(reals, maps, rows, columns));
      requireTransposed(ops, Tensor.spikes(spikes, 0.25, maps, rows, columns));
    }
  }

  private static void requireTransposed(Ops ops, Tensor x) {
    int rows = x.dim(1);
    int columns = x.dim(2);
    Tensor out = ops.transpose(x);
    assertThat(out.shape()).containsExactly(x.dim(0), columns, rows);
    assertThat(out.dtype()).isEqualTo(x.dtype());
    for (int i = 0; i < x.size(); i++) {
      int map = i / (rows * columns);
      int row = i / columns % rows;
      assertThat(out.get((map * columns + i % columns) * rows + row)).isEqualTo(x.get(i));
    }
  }
}
