package org.spike2former.tensor.cpu;

import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.Window;

/** Derivatives on the CPU: shares each operation's kernel among the threads. */
final class CpuDerivativesF32 implements Derivatives {
  private static final int ELEMENT_GRAIN = 4096;
  private static final int ROW_GRAIN = 4;

  private final GradientKernelsF32 gradients;
  private final StagedKernelsF32 kernels;
  private final Workers workers;
  private final PooledBuffers buffers;
  private final LayersF32 layers;
  private final LinearGradientsF32 linear;
  private final NormGradientsF32 norms;

  /** Derivatives by these kernels on these threads. */
  public CpuDerivativesF32(
      StagedKernelsF32 kernels,
      GradientKernelsF32 gradients,
      Workers workers,
      PooledBuffers buffers) {
    this.kernels = kernels;
    this.gradients = gradients;
    this.workers = workers;
    this.buffers = buffers;
    this.layers = new LayersF32(kernels, workers, buffers);
    this.linear = new LinearGradientsF32(kernels, gradients, workers, buffers);
    this.norms = new NormGradientsF32(kernels, gradients, workers, buffers);
  }

  private static void requireSize(String what, Tensor gradient, int size) {
    if (gradient.size() != size) {
      throw new ShapeException(
          what + ": expected a gradient of " + size + " elements, found " + gradient);
    }
  }

  @Override
  public Tensor linear(Tensor x, WeightLayer layer) {
    return layers.applyBare(x, layer);
  }

  @Override
  public Tensor linearInput(Tensor gradient, WeightLayer layer, int... inputShape) {
    return linear.input(gradient, layer, inputShape);
  }

  @Override
  public Tensor linearWeight(Tensor gradient, Tensor x, WeightLayer layer) {
    return linear.weight(gradient, x, layer);
  }

  @Override
  public Tensor sumRows(Tensor x) {
    return norms.sumRows(x);
  }

  @Override
  public Moments moments(Tensor x) {
    return norms.moments(x);
  }

  @Override
  public Tensor normalise(Tensor x, Moments moments, BatchNorm norm) {
    return norms.apply(x, moments, norm);
  }

  @Override
  public Tensor normalise(Tensor x, Moments moments, BatchNorm norm, Firing firing) {
    return norms.applySpikes(x, moments, norm, firing);
  }

  @Override
  public Tensor addNormalised(Tensor residual, Tensor x, Moments moments, BatchNorm norm) {
    return norms.applyAdd(residual, x, moments, norm);
  }

  @Override
  public NormGradient normalise(
      Tensor gradient,
      Tensor x,
      Moments moments,
      BatchNorm norm,
      Firing firing,
      boolean batchStatistics,
      boolean inputWanted,
      boolean overwrite) {
    requireSize(norm.name(), gradient, x.size());
    return norms.gradient(
        gradient, x, moments, norm, firing, batchStatistics, inputWanted, overwrite);
  }

  @Override
  public Tensor spikes(Tensor gradient, Tensor x, Firing firing, boolean overwrite) {
    requireSize("spikes", gradient, x.size());
    float[] dy = gradient.floats();
    float[] in = x.floats();
    float[] out = overwrite ? dy : buffers.floats(dy.length);
    float scale = (float) firing.scale();
    workers.run(
        dy.length,
        ELEMENT_GRAIN,
        (a, b) -> gradients.spikes(dy, in, scale, firing.maxSpikes(), out, a, b));
    return Tensor.of(out, x.shape());
  }

  @Override
  public Tensor fire(Tensor gradient, Tensor x, double threshold, double scale) {
    requireSize("fire", gradient, x.size());
    float[] dy = gradient.floats();
    float[] in = x.floats();
    float[] out = buffers.floats(dy.length);
    float middle = (float) threshold;
    float factor = (float) scale;
    workers.run(
        dy.length,
        ELEMENT_GRAIN,
        (a, b) -> {
          for (int i = a; i < b; i++) {
            out[i] = Math.abs(in[i] - middle) <= 0.5f ? dy[i] * factor : 0;
          }
        });
    return Tensor.of(out, x.shape());
  }

  @Override
  public AttentionGradient attention(
      Tensor gradient, Tensor q, Tensor k, Tensor v, int heads, double scale) {
    requireSize("attention", gradient, Shape.size(q.dim(0), q.dim(1), v.dim(2)));
    float[] dy = gradient.floats();
    float[] dq = buffers.floats(q.size());
    float[] dk = buffers.floats(k.size());
    float[] dv = buffers.floats(v.size());
    workers.run(
        q.dim(0) * heads,
        1,
        (a, b) -> gradients.attention(q, k, v, heads, scale, dy, dq, dk, dv, a, b));
    return new AttentionGradient(
        Tensor.of(dq, q.shape()), Tensor.of(dk, k.shape()), Tensor.of(dv, v.shape()));
  }

  @Override
  public SampleGradient deformSample(
      Tensor gradient, Tensor v, Tensor offset, Tensor mask, int groups) {
    requireSize("deformSample", gradient, v.size());
    float[] dy = gradient.floats();
    float[] dv = zeroed(v.size());
    float[] dOffset = buffers.floats(offset.size());
    float[] dMask = buffers.floats(mask.size());
    workers.run(
        groups,
        1,
        (a, b) -> gradients.deformSample(v, offset, mask, groups, dy, dv, dOffset, dMask, a, b));
    return new SampleGradient(
        Tensor.of(dv, v.shape()),
        Tensor.of(dOffset, offset.shape()),
        Tensor.of(dMask, mask.shape()));
  }

  private static Window resize(Tensor gradient, int... inputShape) {
    int c = inputShape[3];
    return new Window(
        inputShape[0],
        inputShape[1],
        inputShape[2],
        c,
        c,
        1,
        1,
        1,
        0,
        gradient.dim(1),
        gradient.dim(2));
  }

  @Override
  public Tensor resizeBilinear(Tensor gradient, int... inputShape) {
    return resize(gradient, new ResizeF32(resize(gradient, inputShape)), inputShape);
  }

  @Override
  public Tensor resizeNearest(Tensor gradient, int... inputShape) {
    return resize(gradient, ResizeF32.nearest(resize(gradient, inputShape)), inputShape);
  }

  private Tensor resize(Tensor gradient, ResizeF32 resize, int... inputShape) {
    float[] dy = gradient.floats();
    float[] out = buffers.floats(Shape.size(inputShape));
    workers.run(
        inputShape[0] * inputShape[1],
        1,
        (a, b) -> gradients.resizeBilinear(dy, resize, out, a, b));
    return Tensor.of(out, inputShape);
  }

  @Override
  public Tensor crop(Tensor gradient) {
    int h = gradient.dim(1) - 2;
    int w = gradient.dim(2) - 2;
    int c = gradient.dim(3);
    float[] dy = gradient.floats();
    float[] out = buffers.floats(Shape.size(gradient.dim(0), h, w, c));
    workers.run(
        gradient.dim(0) * h,
        ROW_GRAIN,
        (a, b) -> {
          for (int r = a; r < b; r++) {
            int row = r / h * (h + 2) + r % h + 1;
            System.arraycopy(dy, (row * (w + 2) + 1) * c, out, r * w * c, w * c);
          }
        });
    return Tensor.of(out, gradient.dim(0), h, w, c);
  }

  @Override
  public Tensor sigmoid(Tensor gradient, Tensor y) {
    requireSize("sigmoid", gradient, y.size());
    float[] dy = gradient.floats();
    float[] of = y.floats();
    float[] out = buffers.floats(dy.length);
    workers.run(
        dy.length,
        ELEMENT_GRAIN,
        (a, b) -> {
          for (int i = a; i < b; i++) {
            out[i] = dy[i] * of[i] * (1 - of[i]);
          }
        });
    return Tensor.of(out, y.shape());
  }

  @Override
  public Tensor softmax(Tensor gradient, Tensor y) {
    requireSize("softmax", gradient, y.size());
    int width = y.dim(-1);
    float[] dy = gradient.floats();
    float[] of = y.floats();
    float[] out = buffers.floats(dy.length);
    for (int base = 0; base < out.length; base += width) {
      float sum = 0;
      for (int i = base; i < base + width; i++) {
        sum = Math.fma(dy[i], of[i], sum);
      }
      for (int i = base; i < base + width; i++) {
        out[i] = of[i] * (dy[i] - sum);
      }
    }
    return Tensor.of(out, y.shape());
  }

  @Override
  public Tensor scale(Tensor gradient, Tensor table) {
    float[] dy = gradient.floats();
    float[] factors = table.floats();
    float[] out = buffers.floats(dy.length);
    workers.run(
        dy.length / factors.length,
        Math.max(1, ELEMENT_GRAIN / factors.length),
        (a, b) -> {
          for (int r = a; r < b; r++) {
            int at = r * factors.length;
            for (int i = 0; i < factors.length; i++) {
              out[at + i] = dy[at + i] * factors[i];
            }
          }
        });
    return Tensor.of(out, gradient.shape());
  }

  @Override
  public Tensor scaleWeight(Tensor gradient, Tensor y, int... gammaShape) {
    requireSize("scaleWeight", gradient, y.size());
    int size = Shape.size(gammaShape);
    int columns = size == 1 ? y.dim(-1) : size;
    float[] sums = norms.sumProducts(gradient.floats(), y.to(DType.F32).floats(), columns);
    if (size > 1) {
      return Tensor.of(sums, gammaShape);
    }
    float sum = 0;
    for (float part : sums) {
      sum += part;
    }
    return Tensor.of(new float[] {sum}, gammaShape);
  }

  @Override
  public Tensor productRight(Tensor gradient, Tensor a) {
    return linear.productRight(gradient, a);
  }

  @Override
  public Tensor meanTime(Tensor gradient, int groups, int timeSteps) {
    int[] shape = gradient.shape();
    shape[0] *= timeSteps;
    float[] dy = gradient.floats();
    float[] out = buffers.floats(dy.length * timeSteps);
    int block = dy.length / groups;
    for (int i = 0; i < dy.length; i++) {
      int base = i / block * block * timeSteps + i % block;
      for (int t = 0; t < timeSteps; t++) {
        out[base + t * block] = dy[i] / timeSteps;
      }
    }
    return Tensor.of(out, shape);
  }

  @Override
  public void accumulate(Tensor target, Tensor x) {
    requireSize("accumulate", x, target.size());
    float[] sum = target.floats();
    float[] in = x.floats();
    workers.run(sum.length, ELEMENT_GRAIN, (a, b) -> kernels.now().add(sum, a, in, a, sum, b - a));
  }

  @Override
  public void accumulateRows(Tensor target, int from, Tensor x) {
    float[] sum = target.floats();
    float[] in = x.floats();
    int at = from * (sum.length / target.dim(0));
    for (int i = 0; i < in.length; i++) {
      sum[at + i] += in[i];
    }
  }

  private float[] zeroed(int length) {
    float[] out = buffers.floats(length);
    Arrays.fill(out, 0f);
    return out;
  }

  @Override
  public Tensor zeros(int... shape) {
    return Tensor.of(zeroed(Shape.size(shape)), shape);
  }

  @Override
  public void release(Tensor x) {
    buffers.release(x);
  }

  @Override
  public void keep(Tensor x) {
    buffers.keep(x);
  }
}
