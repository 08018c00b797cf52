package org.spike2former.tensor.cpu;

import org.spike2former.tensor.Derivatives.Firing;
import org.spike2former.tensor.Derivatives.Moments;
import org.spike2former.tensor.Derivatives.NormGradient;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.NormF32;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.BatchNorm;

/** BatchNorm with the statistics of a batch, and its gradients. */
final class NormGradientsF32 {
  private static final OpShapes SHAPES = new OpShapes(Precision.F32);

  /** Elements of a block that one operation leaves in the cache for the next. */
  private static final int BLOCK = 1 << 13;

  private static final ScratchF32 POTENTIAL = new ScratchF32();

  private final StagedKernelsF32 kernels;
  private final GradientKernelsF32 gradients;
  private final Workers workers;
  private final Buffers buffers;

  NormGradientsF32(
      StagedKernelsF32 kernels, GradientKernelsF32 gradients, Workers workers, Buffers buffers) {
    this.kernels = kernels;
    this.gradients = gradients;
    this.workers = workers;
    this.buffers = buffers;
  }

  /** Sums over blocks of rows, for the blocks from…to. */
  private interface BlockSums {
    void sum(float[] blocks, int from, int to);
  }

  /** [C]: all blocks' sums, added in order. */
  private float[] sum(int rows, int channels, BlockSums sums) {
    int count = blocks(rows);
    float[] blocks = new float[count * channels];
    workers.run(count, 1, (a, b) -> sums.sum(blocks, a, b));
    return total(blocks, channels);
  }

  private static int blocks(int rows) {
    return (rows + GradientKernelsF32.ROW_BLOCK - 1) / GradientKernelsF32.ROW_BLOCK;
  }

  private static float[] total(float[] blocks, int channels) {
    float[] total = new float[channels];
    for (int at = 0; at < blocks.length; at += channels) {
      for (int c = 0; c < channels; c++) {
        total[c] += blocks[at + c];
      }
    }
    return total;
  }

  /** See {@code Derivatives.sumRows}. */
  Tensor sumRows(Tensor x) {
    int channels = x.dim(-1);
    int rows = x.size() / channels;
    float[] in = x.floats();
    float[] sums =
        sum(rows, channels, (out, a, b) -> gradients.sumRows(in, rows, channels, out, a, b));
    return Tensor.of(sums, channels);
  }

  /** See {@code Derivatives.moments}. */
  Moments moments(Tensor x) {
    int channels = x.dim(-1);
    int rows = x.size() / channels;
    float[] in = x.floats();
    float[] mean = divide(sumRows(x).floats(), rows);
    float[] squares =
        sum(
            rows,
            channels,
            (out, a, b) -> gradients.sumSquares(in, mean, rows, channels, out, a, b));
    return new Moments(Tensor.of(mean, channels), Tensor.of(divide(squares, rows), channels));
  }

  private static float[] divide(float[] sums, int rows) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] /= rows;
    }
    return sums;
  }

  private static NormF32 norm(Tensor x, Moments moments, BatchNorm norm, Firing firing) {
    SHAPES.batchNorm(x, norm);
    int channels = norm.channels();
    double[] inverse = new double[channels];
    double[] factor = new double[channels];
    for (int c = 0; c < channels; c++) {
      double deviation = Math.sqrt(moments.variance().get(c) + BatchNorm.EPS);
      inverse[c] = 1 / deviation;
      factor[c] = norm.weight().value().get(c) / deviation;
    }
    Tensor bias = norm.bias().value();
    return new NormF32(
        PackedF32.round(channels, moments.mean()::get),
        PackedF32.round(channels, c -> inverse[c]),
        PackedF32.round(channels, c -> factor[c]),
        PackedF32.round(channels, c -> bias.get(c) - moments.mean().get(c) * factor[c]),
        firing == null ? -1 : firing.maxSpikes(),
        firing == null ? 1 : (float) firing.scale());
  }

  private static int blockRows(int channels) {
    return Math.max(1, BLOCK / channels);
  }

  /** See {@code Derivatives.normalise}. */
  Tensor apply(Tensor x, Moments moments, BatchNorm norm) {
    NormF32 n = norm(x, moments, norm, null);
    float[] in = x.floats();
    float[] out = buffers.floats(in.length);
    workers.run(
        in.length / norm.channels(),
        blockRows(norm.channels()),
        (a, b) -> kernels.now().batchNorm(in, n.factor(), n.shift(), out, a, b));
    return Tensor.of(out, x.shape());
  }

  /** See {@code Derivatives.normalise}. */
  Tensor applySpikes(Tensor x, Moments moments, BatchNorm norm, Firing firing) {
    NormF32 n = norm(x, moments, norm, firing);
    int channels = norm.channels();
    float[] in = x.floats();
    byte[] out = buffers.bytes(in.length);
    int step = blockRows(channels);
    workers.run(
        in.length / channels,
        step,
        (a, b) -> {
          float[] potential = POTENTIAL.atLeast(step * channels);
          for (int r = a; r < b; r += step) {
            int rows = Math.min(step, b - r);
            System.arraycopy(in, r * channels, potential, 0, rows * channels);
            kernels.now().batchNorm(potential, n.factor(), n.shift(), potential, 0, rows);
            kernels
                .now()
                .spikes(potential, 0, out, r * channels, rows * channels, firing.maxSpikes());
          }
        });
    return Tensor.spikes(out, firing.scale(), x.shape());
  }

  /** See {@code Derivatives.addNormalised}. */
  Tensor applyAdd(Tensor residual, Tensor x, Moments moments, BatchNorm norm) {
    OpShapes.requireAddend(norm.name(), residual, x.shape());
    NormF32 n = norm(x, moments, norm, null);
    int channels = norm.channels();
    float[] in = x.floats();
    float[] kept = residual.floats();
    float[] out = buffers.floats(in.length);
    int step = blockRows(channels);
    workers.run(
        in.length / channels,
        step,
        (a, b) -> {
          for (int r = a; r < b; r += step) {
            int end = Math.min(r + step, b);
            kernels.now().batchNorm(in, n.factor(), n.shift(), out, r, end);
            kernels.now().add(kept, r * channels, out, r * channels, out, (end - r) * channels);
          }
        });
    return Tensor.of(out, residual.shape());
  }

  /** See {@code Derivatives.normalise}. */
  NormGradient gradient(
      Tensor dy,
      Tensor x,
      Moments moments,
      BatchNorm norm,
      Firing firing,
      boolean batchStatistics,
      boolean inputWanted,
      boolean overwrite) {
    NormF32 n = norm(x, moments, norm, firing);
    int channels = norm.channels();
    int rows = x.size() / channels;
    float[] in = x.floats();
    float[] gradient = dy.floats();
    int blocks = blocks(rows);
    float[] sumDy = new float[blocks * channels];
    float[] sumDyX = new float[blocks * channels];
    workers.run(
        blocks, 1, (a, b) -> gradients.normSums(gradient, in, n, rows, sumDy, sumDyX, a, b));
    float[] bias = total(sumDy, channels);
    float[] weight = total(sumDyX, channels);
    Tensor input = null;
    if (inputWanted) {
      float[] meanDy = batchStatistics ? divide(bias.clone(), rows) : new float[channels];
      float[] meanDyX = batchStatistics ? divide(weight.clone(), rows) : new float[channels];
      float[] out = overwrite ? gradient : buffers.floats(in.length);
      workers.run(
          rows,
          blockRows(channels),
          (a, b) -> gradients.normInput(gradient, in, n, meanDy, meanDyX, out, a, b));
      input = Tensor.of(out, x.shape());
    }
    return new NormGradient(input, Tensor.of(weight, channels), Tensor.of(bias, channels));
  }

  /** Column sums of {@code a·b}, both [rows, channels]. */
  float[] sumProducts(float[] a, float[] b, int channels) {
    float[] ones = PackedF32.round(channels, _ -> 1);
    NormF32 plain = new NormF32(new float[channels], ones, ones, new float[channels], -1, 1);
    int rows = a.length / channels;
    float[] unused = new float[blocks(rows) * channels];
    return sum(
        rows, channels, (out, x, y) -> gradients.normSums(a, b, plain, rows, unused, out, x, y));
  }
}
