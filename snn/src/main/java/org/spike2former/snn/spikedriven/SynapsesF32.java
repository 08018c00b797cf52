package org.spike2former.snn.spikedriven;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.Window;

/** A merged layer that adds its weights for the ones of binary maps. */
final class SynapsesF32 implements Synapses {
  private static final int PIXEL_GRAIN = 8;

  private final MergedLayer geometry;
  private final int steps;
  private final Workers workers;
  private final LongAdder additions;
  private final Kernel kernel;

  /** How the layer's weights are added for one input. */
  private interface Kernel {
    Additions on(BinaryMaps maps, Window g, float[] out);
  }

  /** Adds for the output pixels from…to, and says how many additions that took. */
  private interface Additions {
    long add(int from, int to);
  }

  /**
   * Rounds the layer's numbers to real.
   *
   * @param steps D
   * @param vector whether to add with the Vector API; the bits are the same
   * @param additions counts what is added
   */
  SynapsesF32(MergedLayer layer, int steps, boolean vector, Workers workers, LongAdder additions) {
    geometry = layer.geometry();
    this.steps = steps;
    this.workers = workers;
    this.additions = additions;
    float[][] weights =
        Arrays.stream(layer.rows()).map(SynapsesF32::rounded).toArray(float[][]::new);
    float[] bias = rounded(layer.bias());
    kernel = vector ? vectors(layer, weights, bias) : scalar(layer, weights, bias);
  }

  private static Kernel scalar(MergedLayer layer, float[][] weights, float[] bias) {
    boolean depthwise = layer.depthwise();
    return (maps, g, out) ->
        (from, to) -> AdditionsF32.layer(maps, g, depthwise, weights, bias, out, from, to);
  }

  private Kernel vectors(MergedLayer layer, float[][] weights, float[] bias) {
    if (layer.depthwise()) {
      VectorDepthwiseAdditionsF32 vectors = new VectorDepthwiseAdditionsF32(weights, bias);
      return (maps, g, out) -> (from, to) -> vectors.layer(maps, g, out, from, to);
    }
    VectorAdditionsF32 vectors = new VectorAdditionsF32(weights, bias);
    return (maps, g, out) -> {
      boolean byPosition = OnesRuns.inOneStretch(g, VectorAdditionsF32.stretch(g.cout()));
      VectorOnesLists ones = new VectorOnesLists(maps, g, byPosition, workers);
      return (from, to) -> vectors.layer(ones, g, out, from, to);
    };
  }

  private static float[] rounded(double[] row) {
    float[] out = new float[row.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) row[i];
    }
    return out;
  }

  @Override
  public Tensor apply(Tensor spikes) {
    BinaryMaps maps = BinaryMaps.of(spikes, steps);
    Window g = geometry.window(spikes);
    float[] out = new float[Shape.size(g.outPixels(), g.cout())];
    Additions sums = kernel.on(maps, g, out);
    workers.run(g.outPixels(), PIXEL_GRAIN, (from, to) -> additions.add(sums.add(from, to)));
    return Tensor.of(out, g.outPixels(), g.cout());
  }
}
