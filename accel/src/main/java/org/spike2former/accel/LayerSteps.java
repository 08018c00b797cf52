package org.spike2former.accel;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Operation;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;
import org.spike2former.tensor.layer.Window;

/** Records weight layers, with float or 8-bit weights. */
final class LayerSteps {
  private final PlanBuilder builder;
  private final WeightType weights;

  LayerSteps(PlanBuilder builder, WeightType weights) {
    this.builder = builder;
    this.weights = weights;
  }

  /**
   * The layer as a step.
   *
   * @param residual what is added to the output, or null
   * @param maxSpikes most spikes of the neuron that follows; 0 where none does
   * @param out the output's shape
   */
  Buffer convolve(Tensor x, WeightLayer layer, Buffer residual, int maxSpikes, int... out) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    Window window = Window.of(x, layer, out);
    Buffer.Type type = maxSpikes > 0 ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    Buffer output = Buffer.of(type, Shape.size(out));
    Operation operation;
    if (weights == WeightType.INT8 && x.dtype() == DType.SPIKES) {
      Constants.Int8 folded = int8(x, layer);
      operation =
          new Int8Convolution(
              depthwise,
              builder.buffer(x),
              folded.weights(),
              maxSpikes > 0
                  ? new Int8Convolution.Spikes(
                      Buffer.constant(folded.layer().thresholds(maxSpikes)), maxSpikes)
                  : new Int8Convolution.Potentials(folded.scale(), folded.bias(), residual),
              window,
              output);
    } else {
      Constants.Layer folded = builder.constants().of(layer, x.scale());
      operation =
          new Convolution(
              depthwise,
              builder.buffer(x),
              folded.weights(),
              folded.bias(),
              residual,
              maxSpikes,
              window,
              output);
    }
    return builder.add(layer.name(), operation);
  }

  private Constants.Int8 int8(Tensor x, WeightLayer layer) {
    Constants.Int8 folded = builder.constants().int8(layer, x.scale());
    int most = folded.layer().maxSpike();
    if (PlanBuilder.maxSpikes(x) > most) {
      throw new Unsupported(
          layer.name() + " sums spikes of at most " + most + " with 8-bit weights");
    }
    return folded;
  }
}
