package org.spike2former.train.loss;

import java.util.Arrays;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.cpu.kernels.Exp;
import org.spike2former.tensor.cpu.kernels.Log;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.cpu.kernels.ScalarGradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.ScalarKernelsF32;
import org.spike2former.tensor.layer.Window;

/** {@link PixelCriterion} in float32. It holds the gradients of one image at its full size. */
final class PixelLossF32 {
  private final ScalarKernelsF32 kernels = new ScalarKernelsF32();
  private final ScalarGradientKernelsF32 gradients = new ScalarGradientKernelsF32();
  private final CriterionConfig config;
  private final int ignoreLabel;
  private final Workers workers;

  PixelLossF32(CriterionConfig config, int ignoreLabel, Workers workers) {
    this.config = config;
    this.ignoreLabel = ignoreLabel;
    this.workers = workers;
  }

  Losses evaluate(Tensor logits, Tensor labels) {
    int images = labels.dim(0);
    int height = labels.dim(1);
    int width = labels.dim(2);
    int h = logits.dim(1);
    int w = logits.dim(2);
    int classes = logits.dim(3);
    ResizeF32 resize =
        new ResizeF32(new Window(1, h, w, classes, classes, 1, 1, 1, 0, height, width));
    double weight = config.classWeight() / labels.size();
    float[] full = new float[Math.multiplyExact(height * width, classes)];
    float[] small = new float[h * w * classes];
    float[] out = new float[logits.size()];
    double loss = 0;
    for (int image = 0; image < images; image++) {
      int map = image * small.length;
      int labelMap = image * height * width;
      float[] in = Arrays.copyOfRange(logits.floats(), map, map + small.length);
      double[] rows = new double[height];
      workers.run(
          height,
          1,
          (from, to) -> {
            kernels.resizeBilinear(in, resize, full, 0, from, to);
            for (int y = from; y < to; y++) {
              int at = y * width;
              rows[y] =
                  row(
                      full,
                      at,
                      classes,
                      labels.bytes(),
                      labelMap + at,
                      width,
                      config.scale() * weight);
            }
          });
      workers.run(h, 1, (from, to) -> gradients.resizeBilinear(full, resize, small, from, to));
      System.arraycopy(small, 0, out, map, small.length);
      for (double row : rows) {
        loss += row;
      }
    }
    return Losses.ofPixels(weight * loss, config.scale(), Tensor.of(out, logits.shape()));
  }

  /** The cross-entropies of a row of pixels, whose logits their gradients replace. */
  private double row(
      float[] x, int first, int classes, byte[] labels, int labelAt, int width, double factor) {
    double loss = 0;
    for (int i = 0; i < width; i++) {
      int base = (first + i) * classes;
      int label = labels[labelAt + i] & 0xff;
      if (label == ignoreLabel) {
        Arrays.fill(x, base, base + classes, 0f);
      } else {
        loss += pixel(x, base, classes, label, factor);
      }
    }
    return loss;
  }

  private static double pixel(float[] x, int base, int classes, int label, double factor) {
    float max = x[base];
    for (int k = 1; k < classes; k++) {
      max = Math.max(max, x[base + k]);
    }
    float own = x[base + label];
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      x[base + k] = Exp.exp(x[base + k] - max);
      sum += x[base + k];
    }
    for (int k = 0; k < classes; k++) {
      float target = k == label ? 1 : 0;
      x[base + k] = (float) (factor * (x[base + k] / sum - target));
    }
    return max + Log.log(sum) - own;
  }
}
