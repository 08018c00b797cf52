package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Attention;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.DeformSample;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Move;
import org.spike2former.accel.operation.Neuron;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Padded;
import org.spike2former.accel.operation.Prediction;
import org.spike2former.accel.operation.Resize;

/**
 * The kernel of every operation: each family's class has its kernels and fills their parameters.
 */
public final class KernelTable {
  private KernelTable() {}

  /**
   * The launch of an operation.
   *
   * @param id its name, unique in its task graph
   * @throws IllegalArgumentException if the operation is the host's
   */
  public static Launch launch(String id, Operation operation, Arrays arrays) {
    return switch (operation) {
      case Convolution layer when layer.x() != layer.x().whole() ->
          throw new IllegalArgumentException("only a finished layer reads a part, not " + layer);
      case Convolution layer ->
          layer.depthwise()
              ? DepthwiseKernels.launch(id, layer, arrays)
              : DenseKernels.launch(id, layer, arrays);
      case Int8Convolution layer -> Int8Kernels.launch(id, layer, arrays);
      case Padded padded -> PaddedKernels.launch(id, padded, arrays);
      case Finished(Operation of, Finish finish) -> launch(id, of, finish, arrays);
      case Neuron neuron -> NeuronKernels.launch(id, neuron, arrays);
      case Elementwise elementwise -> ElementwiseKernels.launch(id, elementwise, arrays);
      case Attention half -> AttentionKernels.launch(id, half, arrays);
      case DeformSample sample -> SamplingKernels.launch(id, sample, arrays);
      case Resize resize -> ResizeKernels.launch(id, resize, arrays);
      case Move move -> MoveKernels.launch(id, move, arrays);
      case Prediction prediction -> PredictionKernels.launch(id, prediction, arrays);
      case HostCall call -> throw new IllegalArgumentException("no kernel for " + call);
    };
  }

  private static Launch launch(String id, Operation of, Finish finish, Arrays arrays) {
    return switch (of) {
      case Convolution layer -> DenseKernels.launch(id, layer, finish, arrays);
      case Int8Convolution layer when layer.result() instanceof Int8Convolution.Potentials sums ->
          Int8Kernels.launch(id, layer, sums, finish, arrays);
      case Attention.QueryValue half -> AttentionKernels.launch(id, half, finish, arrays);
      case DeformSample sample -> SamplingKernels.launch(id, sample, finish, arrays);
      default -> throw new IllegalArgumentException("no kernel for a finish of " + of);
    };
  }
}
