package org.spike2former.snn.spikedriven;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.Window;

/** A merged layer that adds its weights for the ones of binary maps. */
@SuppressWarnings("cast") // the float64 twin casts double to double
final class SynapsesF32 implements Synapses {
  private static final int PIXEL_GRAIN = 8;

  private final MergedLayer geometry;
  private final int steps;
  private final Workers workers;
  private final LongAdder additions;
  private final float[][] weights;
  private final float[] bias;

  /**
   * Rounds the layer's numbers to real.
   *
   * @param steps D
   * @param additions counts what is added
   */
  SynapsesF32(MergedLayer layer, int steps, Workers workers, LongAdder additions) {
    geometry = layer.geometry();
    this.steps = steps;
    this.workers = workers;
    this.additions = additions;
    weights = Arrays.stream(layer.rows()).map(SynapsesF32::rounded).toArray(float[][]::new);
    bias = rounded(layer.bias());
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
    workers.run(
        g.outPixels(),
        PIXEL_GRAIN,
        (from, to) ->
            additions.add(
                AdditionsF32.layer(maps, g, geometry.depthwise(), weights, bias, out, from, to)));
    return Tensor.of(out, g.outPixels(), g.cout());
  }
}
