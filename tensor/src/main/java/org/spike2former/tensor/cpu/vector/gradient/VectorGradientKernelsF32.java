package org.spike2former.tensor.cpu.vector.gradient;

import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.NormF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.cpu.kernels.ScalarGradientKernelsF32;
import org.spike2former.tensor.layer.Window;

/**
 * Kernels of backward by the Vector API, equal to {@link ScalarGradientKernelsF32} bit for bit at
 * every vector width.
 */
public final class VectorGradientKernelsF32 implements GradientKernelsF32 {
  @Override
  public void denseWeights(Tensor x, Window window, float[] dy, float[] out, int from, int to) {
    VectorWeightGradientF32.dense(x, window, dy, out, from, to);
  }

  @Override
  public void depthwiseWeights(Tensor x, Window window, float[] dy, float[] out, int from, int to) {
    VectorDepthwiseGradientF32.depthwise(x, window, dy, out, from, to);
  }

  @Override
  public void sumRows(float[] x, int rows, int channels, float[] out, int from, int to) {
    VectorNormGradientF32.sumRows(x, rows, channels, out, from, to);
  }

  @Override
  public void sumSquares(
      float[] x, float[] mean, int rows, int channels, float[] out, int from, int to) {
    VectorNormGradientF32.sumSquares(x, mean, rows, channels, out, from, to);
  }

  @Override
  public void normSums(
      float[] dy,
      float[] x,
      NormF32 norm,
      int rows,
      float[] sumDy,
      float[] sumDyX,
      int from,
      int to) {
    VectorNormGradientF32.normSums(dy, x, norm, rows, sumDy, sumDyX, from, to);
  }

  @Override
  public void normInput(
      float[] dy,
      float[] x,
      NormF32 norm,
      float[] meanDy,
      float[] meanDyX,
      float[] out,
      int from,
      int to) {
    VectorNormGradientF32.normInput(dy, x, norm, meanDy, meanDyX, out, from, to);
  }

  @Override
  public void spikes(float[] dy, float[] x, float scale, int max, float[] out, int from, int to) {
    VectorNormGradientF32.spikes(dy, x, scale, max, out, from, to);
  }

  @Override
  public void attention(
      Tensor q,
      Tensor k,
      Tensor v,
      int heads,
      double scale,
      float[] dy,
      float[] dq,
      float[] dk,
      float[] dv,
      int from,
      int to) {
    new VectorAttentionGradientF32(q, k, v, heads).run(scale, dy, dq, dk, dv, from, to);
  }

  @Override
  public void deformSample(
      Tensor v,
      Tensor offset,
      Tensor mask,
      int groups,
      float[] dy,
      float[] dv,
      float[] dOffset,
      float[] dMask,
      int from,
      int to) {
    new VectorSampleGradientF32(v, offset, mask, groups, dy, dv, dOffset, dMask).run(from, to);
  }

  @Override
  public void resizeBilinear(float[] dy, ResizeF32 resize, float[] out, int from, int to) {
    new VectorResizeGradientF32(dy, resize).run(out, from, to);
  }
}
