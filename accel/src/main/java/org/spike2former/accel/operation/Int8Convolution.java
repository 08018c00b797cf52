package org.spike2former.accel.operation;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.layer.Window;

/**
 * Convolution of spikes with 8-bit weights, see {@link org.spike2former.tensor.layer.Int8Layer}.
 * Sums are of integers, so their order does not matter. A linear layer has n = h = kh = kw = 1.
 *
 * @param depthwise whether each channel is convolved by itself; then cin = cout
 * @param x BYTES [n, h, w, cin]
 * @param weights BYTES [kh·kw, cin, cout], or [kh·kw, cout] if depthwise
 * @param result what becomes of the sums
 * @param window the geometry
 * @param output FLOATS [n, oh, ow, cout]; BYTES for spikes
 */
public record Int8Convolution(
    boolean depthwise, Buffer x, Buffer weights, Result result, Window window, Buffer output)
    implements Operation {
  /** What becomes of a sum. */
  public sealed interface Result permits Potentials, Spikes {
    /** What it needs. */
    List<Buffer> inputs();
  }

  /**
   * {@code fma((float) sum, scale, bias)}, and residual + that.
   *
   * @param scale FLOATS [cout]
   * @param bias FLOATS [cout]
   * @param residual FLOATS [n, oh, ow, cout] to add to; null for none
   */
  public record Potentials(Buffer scale, Buffer bias, Buffer residual) implements Result {
    @Override
    public List<Buffer> inputs() {
      return residual == null ? List.of(scale, bias) : List.of(scale, bias, residual);
    }
  }

  /**
   * How many of its channel's thresholds the sum reaches.
   *
   * @param thresholds INTS [maxSpikes, cout]
   * @param maxSpikes most spikes
   */
  public record Spikes(Buffer thresholds, int maxSpikes) implements Result {
    @Override
    public List<Buffer> inputs() {
      return List.of(thresholds);
    }
  }

  /** Refuses buffers that do not fit. */
  public Int8Convolution {
    x.require("x", Buffer.Type.BYTES, Convolution.inputs(window));
    weights.require("weights", Buffer.Type.BYTES, Convolution.weights(window, depthwise));
    long outputs = Convolution.outputs(window);
    switch (result) {
      case Spikes(Buffer thresholds, int maxSpikes) -> {
        long length = (long) maxSpikes * window.cout();
        thresholds.require("thresholds", Buffer.Type.INTS, length);
        output.require("output", Buffer.Type.BYTES, outputs);
      }
      case Potentials(Buffer scale, Buffer bias, Buffer residual) -> {
        scale.require("scale", Buffer.Type.FLOATS, window.cout());
        bias.require("bias", Buffer.Type.FLOATS, window.cout());
        if (residual != null) {
          residual.require("residual", Buffer.Type.FLOATS, outputs);
        }
        output.require("output", Buffer.Type.FLOATS, outputs);
      }
    }
  }

  /** Whether a dense layer sees one pixel at a time, every one of them. */
  public boolean isLinear() {
    return !depthwise && window.isPointwise();
  }

  @Override
  public Kind kind() {
    return depthwise ? Kind.INT8_DEPTHWISE : Kind.INT8_DENSE;
  }

  @Override
  public List<Buffer> inputs() {
    List<Buffer> inputs = new ArrayList<>(List.of(x, weights));
    inputs.addAll(result.inputs());
    return inputs;
  }
}
