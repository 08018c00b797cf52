package org.spike2former.accel;

import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Operation;

/** 8-bit weights in packs of four, for devices that multiply four pairs in one instruction. */
public final class PackedWeights {
  private PackedWeights() {}

  /** The same plan, its dense layers with {@linkplain Int8Convolution#packed packed} weights. */
  public static Plan in(Plan plan) {
    return new Plan(
        plan.steps().stream()
            .map(step -> new Step(step.name(), step.stage(), packed(step.operation())))
            .toList(),
        plan.inputs(),
        plan.output(),
        plan.result());
  }

  private static Operation packed(Operation operation) {
    return switch (operation) {
      case Int8Convolution layer -> layer.packed();
      case Finished(Int8Convolution layer, var finish) -> new Finished(layer.packed(), finish);
      default -> operation;
    };
  }
}
