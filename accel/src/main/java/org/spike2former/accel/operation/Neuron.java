package org.spike2former.accel.operation;

import java.util.List;

/** A neuron by itself, on each potential. */
public sealed interface Neuron extends Operation {
  /** The potentials, FLOATS. */
  Buffer x();

  @Override
  default List<Buffer> inputs() {
    return List.of(x());
  }

  private static void check(Buffer x, Buffer output) {
    x.require("x", Buffer.Type.FLOATS, x.length());
    output.require("output", Buffer.Type.BYTES, x.length());
  }

  /**
   * The integer neuron: rint(clamp(x, 0, maxSpikes)), half to even.
   *
   * @param x FLOATS
   * @param maxSpikes most spikes
   * @param output BYTES
   */
  record Spikes(Buffer x, int maxSpikes, Buffer output) implements Neuron {
    /** Refuses buffers that do not fit. */
    public Spikes {
      check(x, output);
    }

    @Override
    public Kind kind() {
      return Kind.SPIKES;
    }
  }

  /**
   * The binary neuron: 1 where x ≥ threshold, else 0.
   *
   * @param x FLOATS
   * @param threshold least potential that fires
   * @param output BYTES
   */
  record Fire(Buffer x, float threshold, Buffer output) implements Neuron {
    /** Refuses buffers that do not fit. */
    public Fire {
      check(x, output);
    }

    @Override
    public Kind kind() {
      return Kind.FIRE;
    }
  }
}
