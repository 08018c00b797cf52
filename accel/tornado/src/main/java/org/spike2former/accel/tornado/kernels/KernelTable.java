package org.spike2former.accel.tornado.kernels;

import java.util.EnumMap;
import java.util.Map;
import org.spike2former.accel.Operation;
import org.spike2former.accel.Step;

/** The kernel of every operation. */
public final class KernelTable {
  private static final Map<Operation, KernelFamily> FAMILIES = new EnumMap<>(Operation.class);

  static {
    FAMILIES.put(Operation.DENSE, DenseKernels::launch);
    FAMILIES.put(Operation.DEPTHWISE, DepthwiseKernels::launch);
    FAMILIES.put(Operation.INT8_DENSE, Int8Kernels::dense);
    FAMILIES.put(Operation.INT8_DEPTHWISE, Int8Kernels::depthwise);
    FAMILIES.put(Operation.SPIKES, NeuronKernels::spikes);
    FAMILIES.put(Operation.FIRE, NeuronKernels::fire);
    FAMILIES.put(Operation.AFFINE, ElementwiseKernels::affine);
    FAMILIES.put(Operation.ADD, ElementwiseKernels::add);
    FAMILIES.put(Operation.SUBTRACT, ElementwiseKernels::subtract);
    FAMILIES.put(Operation.MULTIPLY, ElementwiseKernels::multiply);
    FAMILIES.put(Operation.ADD_TABLE, ElementwiseKernels::addTable);
    FAMILIES.put(Operation.ADD_SCALED, ElementwiseKernels::addScaled);
    FAMILIES.put(Operation.MEAN_TIME, ElementwiseKernels::meanTime);
    FAMILIES.put(Operation.SIGMOID, ElementwiseKernels::sigmoid);
    FAMILIES.put(Operation.SOFTMAX, ElementwiseKernels::softmax);
    FAMILIES.put(Operation.KEY_VALUE, AttentionKernels::keyValue);
    FAMILIES.put(Operation.QUERY_VALUE, AttentionKernels::queryValue);
    FAMILIES.put(Operation.QUERY_KEY, AttentionKernels::queryKey);
    FAMILIES.put(Operation.SCORE_VALUE, AttentionKernels::scoreValue);
    FAMILIES.put(Operation.DEFORM_SAMPLE, SamplingKernels::deformSample);
    FAMILIES.put(Operation.RESIZE_BILINEAR, ResizeKernels::bilinear);
    FAMILIES.put(Operation.RESIZE_SIGMOID, ResizeKernels::sigmoid);
    FAMILIES.put(Operation.RESIZE_ARGMAX, ResizeKernels::argmax);
    FAMILIES.put(Operation.PAD, MoveKernels::pad);
    FAMILIES.put(Operation.TRANSPOSE, MoveKernels::transpose);
    FAMILIES.put(Operation.COPY, MoveKernels::copy);
    FAMILIES.put(Operation.RESIZE_NEAREST, MoveKernels::resizeNearest);
    FAMILIES.put(Operation.PRODUCT, PredictionKernels::product);
    FAMILIES.put(Operation.PRODUCT_ARGMAX, PredictionKernels::productArgmax);
    FAMILIES.put(Operation.ARGMAX, PredictionKernels::argmax);
  }

  private KernelTable() {}

  /** Whether there is a kernel. */
  public static boolean has(Operation operation) {
    return FAMILIES.containsKey(operation);
  }

  /**
   * The launch of a step.
   *
   * @param id its name, unique in its task graph
   * @throws IllegalArgumentException if its operation has no kernel
   */
  public static Launch launch(String id, Step step, Arrays arrays) {
    KernelFamily family = FAMILIES.get(step.operation());
    if (family == null) {
      throw new IllegalArgumentException("no kernel for " + step);
    }
    return family.launch(id, step, arrays);
  }
}
