package org.spike2former.accel.operation;

import java.util.List;
import java.util.stream.Stream;

/**
 * A depthwise {@link Convolution} in whose window a tap outside the map is not left out but finds a
 * constant of its channel: {@link Move.Pad} and a convolution without padding, in the same order.
 *
 * @param layer of FLOATS, with a padding of 1, which gives potentials and adds no residual
 * @param ring FLOATS [cin], what lies outside
 * @param planes parts of the channels that lie one after the other in the output, FLOATS [planes,
 *     n, oh, ow, cout/planes]
 */
public record Padded(Convolution layer, Buffer ring, int planes) implements Operation {
  /** Refuses other layers, and buffers that do not fit. */
  public Padded {
    if (planes < 1 || layer.window().cout() % planes != 0) {
      throw new IllegalArgumentException(planes + " planes of the channels of " + layer);
    }
    if (!layer.depthwise()
        || layer.x().type() != Buffer.Type.FLOATS
        || layer.window().pad() != 1
        || layer.maxSpikes() > 0
        || layer.residual() != null) {
      throw new IllegalArgumentException("expected a plain depthwise layer, found " + layer);
    }
    ring.require("ring", Buffer.Type.FLOATS, layer.window().cin());
  }

  @Override
  public Kind kind() {
    return Kind.DEPTHWISE;
  }

  @Override
  public List<Buffer> inputs() {
    return Stream.concat(layer.inputs().stream(), Stream.of(ring)).toList();
  }

  @Override
  public Buffer output() {
    return layer.output();
  }
}
