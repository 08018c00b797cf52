package org.spike2former.accel.fpga;

import java.util.function.Consumer;
import org.spike2former.accel.fpga.KernelShape.Output;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.InterceptingOps;
import org.spike2former.tensor.OpCall;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.Int8Layer;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.Window;

/** Tells of each layer that is fed by spikes what it is given and what it makes of it. */
final class Int8Recorder extends InterceptingOps {
  private final Consumer<Int8Call> calls;

  /**
   * Listens.
   *
   * @param reference computes, with 8-bit weights
   * @param calls must be done with a call's arrays when it returns
   */
  Int8Recorder(Ops reference, Consumer<Int8Call> calls) {
    super(reference, true);
    this.calls = calls;
  }

  @Override
  protected Tensor intercept(OpCall call) {
    Tensor result = call.on(delegate());
    switch (call.name()) {
      case LAYER -> record(call, Output.FLOATS, 0, null, call.tensors().get(0), result);
      case LAYER_SPIKES ->
          record(
              call,
              Output.SPIKES,
              (int) call.arguments().get(2),
              null,
              call.tensors().get(0),
              result);
      case ADD_LAYER ->
          record(
              call,
              Output.RESIDUAL,
              0,
              call.tensors().get(0).floats(),
              call.tensors().get(1),
              result);
      default -> {
        // not a layer
      }
    }
    return result;
  }

  private void record(
      OpCall call, Output output, int maxSpikes, float[] residual, Tensor x, Tensor result) {
    if (x.dtype() != DType.SPIKES) {
      return;
    }
    WeightLayer layer = (WeightLayer) call.arguments().get(0);
    Int8Layer folded = Int8Layer.of(layer, x.scale());
    KernelShape shape =
        KernelShape.of(folded, Window.of(x, layer, result.shape()), output, maxSpikes);
    Object numbers = output == Output.SPIKES ? result.bytes() : result.floats();
    calls.accept(new Int8Call(folded, shape, x.bytes(), residual, numbers));
  }
}
