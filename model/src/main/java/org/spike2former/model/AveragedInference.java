package org.spike2former.model;

import java.awt.image.BufferedImage;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;

/**
 * Segments an image in several views, as mmsegmentation does: logits of overlapping windows are
 * averaged where they overlap; of several sizes and mirror images, the softmax of the logits at the
 * image's size is.
 */
final class AveragedInference {
  private final NetworkRuns runs;
  private final Preprocessing preprocessing;
  private final Inference inference;
  private final Ops ops;

  AveragedInference(NetworkRuns runs, Preprocessing preprocessing, Inference inference) {
    this.runs = runs;
    this.preprocessing = preprocessing;
    this.inference = inference;
    this.ops = runs.ops();
  }

  /**
   * Scores whose greatest, resized to the image's size, gives the label: logits [1, h, w, K] of one
   * view, good until the next run, or sums of softmaxes at the image's size.
   */
  Tensor scores(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    Tensor sum = null;
    for (double ratio : inference.ratios()) {
      PreparedImage prepared = preprocessing.withResize(rule(image, ratio)).prepare(image);
      for (boolean mirrored : new boolean[] {false, true}) {
        if (mirrored && !inference.flip()) {
          continue;
        }
        Tensor logits = logits(mirrored ? prepared.mirrored() : prepared);
        if (inference.isSingle()) {
          return logits;
        }
        Tensor shares = ops.softmax(ops.resizeBilinear(logits, height, width));
        sum = sum == null ? Tensor.zeros(ops.precision().type(), shares.shape()) : sum;
        addView(sum, shares, mirrored);
      }
    }
    return sum;
  }

  /** The rule with both of its sides multiplied and cut to an integer. */
  private ResizeRule rule(BufferedImage image, double ratio) {
    ResizeRule rule = inference.resize() == null ? preprocessing.resize() : inference.resize();
    if (rule == null) {
      if (ratio == 1) {
        return null;
      }
      int shorter = Math.min(image.getHeight(), image.getWidth());
      rule = new ResizeRule(shorter, Math.max(image.getHeight(), image.getWidth()));
    }
    int shortest = Math.max(1, (int) (rule.shortestEdge() * ratio));
    int longest = Math.max(shortest, (int) (rule.maxSize() * ratio));
    return new ResizeRule(shortest, Math.min(ResizeRule.LIMIT, longest));
  }

  private Tensor logits(PreparedImage prepared) {
    return inference.window() == null ? runs.logits(prepared) : windows(prepared);
  }

  /** The last window of a row or column is moved back so that it ends with the image. */
  private Tensor windows(PreparedImage prepared) {
    Inference.SlidingWindow window = inference.window();
    int height = prepared.height();
    int width = prepared.width();
    int h = Math.min(window.height(), height);
    int w = Math.min(window.width(), width);
    int rows = steps(height, window.height(), window.strideHeight());
    int columns = steps(width, window.width(), window.strideWidth());
    Object pixels = ops.precision() == Precision.F32 ? prepared.floats() : prepared.doubles();
    int[] covers = new int[height * width];
    Tensor sum = null;
    for (int row = 0; row < rows; row++) {
      int top = Math.min(row * window.strideHeight(), height - h);
      for (int column = 0; column < columns; column++) {
        int left = Math.min(column * window.strideWidth(), width - w);
        Tensor logits = runs.logits(part(pixels, prepared, top, left, h, w));
        int classes = logits.dim(3);
        sum = sum == null ? Tensor.zeros(ops.precision().type(), 1, height, width, classes) : sum;
        for (int y = 0; y < h; y++) {
          int to = (top + y) * width + left;
          add(sum, to * classes, logits, y * w * classes, w * classes);
          for (int x = 0; x < w; x++) {
            covers[to + x]++;
          }
        }
      }
    }
    return mean(sum, covers, prepared);
  }

  private static int steps(int side, int window, int stride) {
    return Math.ceilDiv(Math.max(side - window, 0), stride) + 1;
  }

  private Tensor part(Object pixels, PreparedImage whole, int top, int left, int h, int w) {
    int[] shape = whole.shape();
    shape[shape.length - 3] = h;
    shape[shape.length - 2] = w;
    Tensor part = Tensor.zeros(ops.precision().type(), shape);
    Object to = part.dtype() == DType.F32 ? part.floats() : part.doubles();
    int c = whole.channels();
    for (int row = 0; row < whole.steps() * h; row++) {
      int y = row / h * whole.height() + top + row % h;
      System.arraycopy(pixels, c * (y * whole.width() + left), to, c * row * w, c * w);
    }
    return part;
  }

  /** The sums over their counts, without those of the padding. */
  private static Tensor mean(Tensor sum, int[] covers, PreparedImage prepared) {
    int classes = sum.dim(3);
    int h = prepared.contentHeight();
    int w = prepared.contentWidth();
    Tensor mean = Tensor.zeros(sum.dtype(), 1, h, w, classes);
    for (int i = 0; i < mean.size(); i++) {
      int pixel = i / classes;
      int from = pixel / w * prepared.width() + pixel % w;
      if (sum.dtype() == DType.F32) {
        mean.floats()[i] = sum.floats()[from * classes + i % classes] / covers[from];
      } else {
        mean.doubles()[i] = sum.doubles()[from * classes + i % classes] / covers[from];
      }
    }
    return mean;
  }

  private static void addView(Tensor sum, Tensor view, boolean mirrored) {
    int classes = view.dim(3);
    if (!mirrored) {
      add(sum, 0, view, 0, view.size());
      return;
    }
    int width = view.dim(2);
    for (int pixel = 0; pixel < view.size() / classes; pixel++) {
      int from = pixel - pixel % width + width - 1 - pixel % width;
      add(sum, pixel * classes, view, from * classes, classes);
    }
  }

  private static void add(Tensor sum, int to, Tensor part, int from, int length) {
    if (sum.dtype() == DType.F32) {
      float[] a = sum.floats();
      float[] b = part.floats();
      for (int i = 0; i < length; i++) {
        a[to + i] += b[from + i];
      }
    } else {
      double[] a = sum.doubles();
      double[] b = part.doubles();
      for (int i = 0; i < length; i++) {
        a[to + i] += b[from + i];
      }
    }
  }
}
