package org.spike2former.accel;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

/** Writes weight layers down, with float or 8-bit weights. */
final class LayerSteps {
  private final Script script;
  private final WeightType weights;

  LayerSteps(Script script, WeightType weights) {
    this.script = script;
    this.weights = weights;
  }

  /**
   * The layer as a step.
   *
   * @param type FLOATS for its output, BYTES for the spikes of it
   * @param residual what is added to the output, or null
   */
  Buffer convolve(
      Tensor x,
      WeightLayer layer,
      Window window,
      Buffer.Type type,
      int maxSpikes,
      Buffer residual) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    boolean int8 = weights == WeightType.INT8 && x.dtype() == DType.SPIKES;
    List<Buffer> inputs = new ArrayList<>(List.of(script.buffer(x)));
    Operation operation;
    if (int8) {
      operation = depthwise ? Operation.INT8_DEPTHWISE : Operation.INT8_DENSE;
      inputs.addAll(int8(x, layer, type == Buffer.Type.BYTES ? maxSpikes : 0));
    } else {
      operation = depthwise ? Operation.DEPTHWISE : Operation.DENSE;
      Constants.Layer folded = script.constants().of(layer, x.scale());
      inputs.addAll(List.of(folded.weights(), folded.bias()));
    }
    if (residual != null) {
      inputs.add(residual);
    }
    int length = Shape.size(window.shape());
    return script.add(operation, layer.name(), type, length, inputs, window.sizes(maxSpikes));
  }

  /** Weights and thresholds, or weights, scales and biases where no neuron follows. */
  private List<Buffer> int8(Tensor x, WeightLayer layer, int maxSpikes) {
    Constants.Int8 folded = script.constants().int8(layer, x.scale());
    int most = folded.layer().maxSpike();
    if (Script.maxSpikes(x) > most) {
      throw new Unsupported(
          layer.name() + " sums spikes of at most " + most + " with 8-bit weights");
    }
    return maxSpikes > 0
        ? List.of(folded.weights(), Buffer.constant(folded.layer().thresholds(maxSpikes)))
        : List.of(folded.weights(), folded.scale(), folded.bias());
  }
}
