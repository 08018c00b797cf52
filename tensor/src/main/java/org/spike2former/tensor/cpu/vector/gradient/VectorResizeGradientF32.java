package org.spike2former.tensor.cpu.vector.gradient;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.kernels.BilinearF32;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;
import org.spike2former.tensor.layer.Window;

/**
 * Backward of a bilinear resize, with channels in lanes: an input pixel gathers from the output
 * pixels that read it. See {@link GradientKernelsF32#resizeBilinear}.
 */
final class VectorResizeGradientF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();

  private final Window g;
  private final float[] dy;
  private final Readers rows;
  private final Readers columns;

  /** Of the input pixel at hand: where the gradients stand that it gathers, and their weights. */
  private final int[] source;

  private final float[] weight;

  VectorResizeGradientF32(float[] dy, ResizeF32 resize) {
    this.dy = dy;
    g = resize.window();
    rows = new Readers(resize.rows(), g.h());
    columns = new Readers(resize.columns(), g.w());
    source = new int[rows.most() * columns.most()];
    weight = new float[source.length];
  }

  /** The input rows from…to, over all maps. */
  void run(float[] out, int from, int to) {
    for (int r = from; r < to; r++) {
      // Inputs gather, outputs do not scatter: threads share the input's rows, none a sum.
      for (int x = 0; x < g.w(); x++) {
        int count = collect(r / g.h(), r % g.h(), x);
        gather(count, out, (r * g.w() + x) * g.cin());
      }
    }
  }

  private int collect(int n, int y, int x) {
    int count = 0;
    for (int i = rows.begin[y]; i < rows.begin[y + 1]; i++) {
      int row = (n * g.oh() + rows.output[i]) * g.ow();
      for (int j = columns.begin[x]; j < columns.begin[x + 1]; j++) {
        source[count] = (row + columns.output[j]) * g.cin();
        weight[count++] = rows.weight[i] * columns.weight[j];
      }
    }
    return count;
  }

  private void gather(int count, float[] out, int outAt) {
    int channels = g.cin();
    if (channels < LANES) {
      for (int c = 0; c < channels; c++) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
          sum = Math.fma(weight[i], dy[source[i] + c], sum);
        }
        out[outAt + c] = sum;
      }
      return;
    }
    int c = 0;
    // dy [source, channels], weight [source]: two chains share each weight and address. Sources
    // ascend, the order of accumulation, and sums stay in registers until all have been read.
    for (; c <= channels - 2 * LANES; c += 2 * LANES) {
      FloatVector sum0 = FloatVector.zero(SPECIES);
      FloatVector sum1 = sum0;
      for (int i = 0; i < count; i++) {
        FloatVector share = FloatVector.broadcast(SPECIES, weight[i]);
        sum0 = share.fma(FloatVector.fromArray(SPECIES, dy, source[i] + c), sum0);
        sum1 = share.fma(FloatVector.fromArray(SPECIES, dy, source[i] + c + LANES), sum1);
      }
      sum0.intoArray(out, outAt + c);
      sum1.intoArray(out, outAt + c + LANES);
    }
    while (c < channels) {
      int at = Math.min(c, channels - LANES); // the last vector may do some channels again
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int i = 0; i < count; i++) {
        FloatVector share = FloatVector.broadcast(SPECIES, weight[i]);
        sum = share.fma(FloatVector.fromArray(SPECIES, dy, source[i] + at), sum);
      }
      sum.intoArray(out, outAt + at);
      c = at + LANES;
    }
  }

  /** Along one axis, the output positions that read each input position, ascending. */
  private static final class Readers {
    /** Where an input position's list begins; one more entry is where the last ends. */
    final int[] begin;

    final int[] output;
    final float[] weight;

    Readers(BilinearF32 axis, int in) {
      int outputs = axis.low().length;
      begin = new int[in + 1];
      for (int o = 0; o < outputs; o++) {
        for (int i = axis.low()[o]; i <= axis.high()[o]; i++) {
          begin[i + 1]++;
        }
      }
      Arrays.parallelPrefix(begin, Integer::sum);
      output = new int[begin[in]];
      weight = new float[begin[in]];
      int[] next = begin.clone();
      for (int o = 0; o < outputs; o++) {
        for (int i = axis.low()[o]; i <= axis.high()[o]; i++) {
          float low = axis.low()[o] == i ? 1 - axis.weight()[o] : 0;
          float high = axis.high()[o] == i ? axis.weight()[o] : 0;
          output[next[i]] = o;
          weight[next[i]++] = low + high;
        }
      }
    }

    /** Length of the longest list. */
    int most() {
      int most = 0;
      for (int i = 1; i < begin.length; i++) {
        most = Math.max(most, begin[i] - begin[i - 1]);
      }
      return most;
    }
  }
}
