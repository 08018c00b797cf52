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
 * @param weights BYTES [kh·kw, cin, cout], or [kh·kw, cout] if depthwise; INTS [kh·kw, cin/4, cout]
 *     if {@link #isPacked}
 * @param result what becomes of the sums
 * @param window the geometry
 * @param output FLOATS [n, oh, ow, cout]; BYTES for spikes
 */
public record Int8Convolution(
    boolean depthwise, Buffer x, Buffer weights, Result result, Window window, Buffer output)
    implements Operation {
  /** Weights of a pack. */
  public static final int PACK = 4;

  /** Most channels of a work-item where weights are packed. */
  public static final int MOST_PACKED_CHANNELS = 4;

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
    long numbers = Convolution.weights(window, depthwise);
    if (!depthwise && weights.type() == Buffer.Type.INTS && window.cin() % PACK == 0) {
      weights.require("weights", Buffer.Type.INTS, numbers / PACK);
    } else {
      weights.require("weights", Buffer.Type.BYTES, numbers);
    }
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

  /** Whether four input channels' weights are one number, the first in the lowest bits. */
  public boolean isPacked() {
    return weights.type() == Buffer.Type.INTS;
  }

  /** Multiply-adds of a run, those by zero spikes and outside the map included. */
  public long multiplyAdds() {
    return (long) window.outPixels() * weights.length() * (isPacked() ? PACK : 1);
  }

  /**
   * The same layer with packed weights.
   *
   * @return this, if it is depthwise or its channels do not make packs
   */
  public Int8Convolution packed() {
    if (depthwise || isPacked() || window.cin() % PACK != 0) {
      return this;
    }
    byte[] plain = (byte[]) weights.constant();
    int[] packs = new int[plain.length / PACK];
    int cout = window.cout();
    for (int i = 0; i < plain.length; i++) {
      int row = i / cout;
      packs[row / PACK * cout + i % cout] |= (plain[i] & 0xFF) << 8 * (row % PACK);
    }
    return new Int8Convolution(false, x, Buffer.constant(packs), result, window, output);
  }

  /** Channels of a work-item where weights are packed: a power of two that divides all. */
  public int packedChannels() {
    return Math.min(MOST_PACKED_CHANNELS, Integer.lowestOneBit(window.cout()));
  }

  /** Whether a dense layer sees one pixel at a time, every one of them. */
  public boolean isLinear() {
    return !depthwise && window.isPointwise();
  }

  @Override
  public Kind kind() {
    return depthwise ? Kind.INT8_DEPTHWISE : Kind.INT8_DENSE;
  }

  /** What becomes of potentials: what a layer with packed weights ends with. */
  public Finish finish() {
    Buffer residual = result instanceof Potentials potentials ? potentials.residual() : null;
    return new Finish(null, null, residual, output, null, 0);
  }

  @Override
  public List<Buffer> inputs() {
    List<Buffer> inputs = new ArrayList<>(List.of(x, weights));
    inputs.addAll(result.inputs());
    if (isPacked() && result instanceof Potentials) {
      inputs.addAll(finish().inputs());
    }
    return inputs;
  }
}
