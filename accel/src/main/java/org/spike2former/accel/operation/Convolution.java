package org.spike2former.accel.operation;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.layer.Window;

/**
 * Convolution with float weights: the potentials, residual + potentials, or the integer neuron's
 * spikes of the potentials. A linear layer has n = h = kh = kw = 1.
 *
 * <p>Order: from the bias, kernel row, block of {@link #CHANNEL_BLOCK} input channels, kernel
 * column, channel of the block, one fused multiply-add each; taps outside the map are left out.
 *
 * @param depthwise whether each channel is convolved by itself; then cin = cout
 * @param x BYTES or FLOATS [n, h, w, cin]; a part of a buffer where the layer is {@link Finished}
 * @param weights FLOATS [kh·kw, cin, cout], or [kh·kw, cout] if depthwise
 * @param bias FLOATS [cout]
 * @param residual FLOATS [n, oh, ow, cout] to add to; null for none
 * @param maxSpikes most spikes of the neuron that follows; 0 where none does
 * @param window the geometry
 * @param output FLOATS [n, oh, ow, cout]; BYTES where a neuron follows
 */
public record Convolution(
    boolean depthwise,
    Buffer x,
    Buffer weights,
    Buffer bias,
    Buffer residual,
    int maxSpikes,
    Window window,
    Buffer output)
    implements Operation {
  /** Input channels of one block of the order of accumulation. */
  public static final int CHANNEL_BLOCK = 32;

  /** Refuses buffers that do not fit. */
  public Convolution {
    Window g = window;
    Buffer.Type read = x.type() == Buffer.Type.BYTES ? x.type() : Buffer.Type.FLOATS;
    x.requirePart("x", read, inputs(g));
    weights.require("weights", Buffer.Type.FLOATS, weights(g, depthwise));
    bias.require("bias", Buffer.Type.FLOATS, g.cout());
    Buffer.Type type = maxSpikes > 0 ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    output.require("output", type, outputs(g));
    if (residual != null) {
      residual.require("residual", Buffer.Type.FLOATS, outputs(g));
      output.require("output with a residual", Buffer.Type.FLOATS, outputs(g));
    }
  }

  static long inputs(Window window) {
    return (long) window.n() * window.h() * window.w() * window.cin();
  }

  static long outputs(Window window) {
    return (long) window.outPixels() * window.cout();
  }

  static long weights(Window window, boolean depthwise) {
    return (long) window.kh() * window.kw() * window.cout() * (depthwise ? 1 : window.cin());
  }

  @Override
  public Kind kind() {
    return depthwise ? Kind.DEPTHWISE : Kind.DENSE;
  }

  /** What becomes of the sums: what a dense layer that is not {@link Finished} ends with. */
  public Finish finish() {
    boolean spikes = maxSpikes > 0;
    return new Finish(
        null, null, residual, spikes ? null : output, spikes ? output : null, maxSpikes);
  }

  /** What the sums are made of. */
  List<Buffer> terms() {
    return List.of(x.whole(), weights, bias);
  }

  @Override
  public List<Buffer> inputs() {
    List<Buffer> inputs = new ArrayList<>(terms());
    if (!depthwise) {
      inputs.addAll(finish().inputs());
    } else if (residual != null) {
      inputs.add(residual);
    }
    return inputs;
  }
}
