package org.spike2former.tensor.cpu;

import java.util.Arrays;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/** Class shares and masks to logits, and logits to labels, a row of pixels at a time. */
final class PredictionF32 {
  private static final ScratchF32 MASKS = new ScratchF32();
  private static final ScratchF32 LOGITS = new ScratchF32();

  private final StagedKernelsF32 kernels;
  private final Workers workers;
  private final Buffers buffers;

  PredictionF32(StagedKernelsF32 kernels, Workers workers, Buffers buffers) {
    this.kernels = kernels;
    this.workers = workers;
    this.buffers = buffers;
  }

  /** Rows of logits from shares [B, K+1, Q] and masks [B, h, w, Q]. */
  private final class Rows {
    private final float[] masks;
    private final ResizeF32 resize;
    private final Window pixels;
    private final PackedF32[] packed;

    Rows(Tensor shares, Tensor masks, Window window) {
      int classes = shares.dim(1) - 1;
      int queries = shares.dim(2);
      this.masks = masks.floats();
      resize = new ResizeF32(window);
      pixels = Window.pointwise(window.ow(), queries, classes);
      packed = new PackedF32[window.n()];
      Arrays.setAll(
          packed,
          n -> kernels.now().pack(FoldedLayer.ofRows(shares, n * (classes + 1), classes, queries)));
    }

    /** Logits of a row have this many elements. */
    int length() {
      return pixels.outPixels() * pixels.cout();
    }

    void compute(int row, float[] out, int outAt) {
      float[] line = MASKS.exactly(pixels.outPixels() * pixels.cin());
      kernels.now().resizeBilinear(masks, resize, line, -row * line.length, row, row + 1);
      kernels.now().sigmoid(line, line, 0, line.length);
      Tensor x = Tensor.of(line, pixels.outPixels(), pixels.cin());
      PackedF32 weights = packed[row / resize.window().oh()];
      kernels.now().dense(x, pixels, weights, out, outAt, 0, pixels.outPixels());
    }
  }

  /** See {@code Ops.semanticLogits}. */
  Tensor logits(Tensor shares, Tensor masks, Window window) {
    Rows rows = new Rows(shares, masks, window);
    int classes = shares.dim(1) - 1;
    float[] out = buffers.floats(Shape.size(window.outPixels(), classes), shares, masks);
    workers.run(
        window.n() * window.oh(),
        1,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            rows.compute(r, out, r * rows.length());
          }
        });
    return Tensor.of(out, window.n(), window.oh(), window.ow(), classes);
  }

  /** See {@code Ops.semanticLabels}. */
  Tensor labels(Tensor shares, Tensor masks, Window window) {
    Rows rows = new Rows(shares, masks, window);
    byte[] out = buffers.bytes(window.outPixels(), shares, masks);
    workers.run(
        window.n() * window.oh(),
        1,
        (from, to) -> {
          float[] logits = LOGITS.exactly(rows.length());
          for (int r = from; r < to; r++) {
            rows.compute(r, logits, 0);
            kernels.now().argmax(logits, 0, shares.dim(1) - 1, out, r * window.ow(), window.ow());
          }
        });
    return Tensor.labels(out, window.n(), window.oh(), window.ow());
  }

  /** See {@code Ops.labels}. */
  Tensor labels(Tensor logits, Window window) {
    int classes = window.cin();
    int length = Math.multiplyExact(window.ow(), classes);
    float[] in = logits.floats();
    boolean same = window.h() == window.oh() && window.w() == window.ow();
    ResizeF32 resize = new ResizeF32(window);
    byte[] out = buffers.bytes(window.outPixels(), logits);
    workers.run(
        window.n() * window.oh(),
        1,
        (from, to) -> {
          float[] line = same ? in : LOGITS.exactly(length);
          for (int r = from; r < to; r++) {
            if (!same) {
              kernels.now().resizeBilinear(in, resize, line, -r * length, r, r + 1);
            }
            kernels
                .now()
                .argmax(line, same ? r * length : 0, classes, out, r * window.ow(), window.ow());
          }
        });
    return Tensor.labels(out, window.n(), window.oh(), window.ow());
  }
}
