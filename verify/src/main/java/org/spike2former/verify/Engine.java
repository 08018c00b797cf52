package org.spike2former.verify;

import java.util.function.Function;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/**
 * One way to compute, in either real type.
 *
 * @param inference makes operations for inference
 * @param training makes operations for training; null where it cannot train
 * @param workers threads of the criterion and the optimiser
 */
public record Engine(
    Function<DType, Ops> inference, Function<DType, TapeOps> training, Workers workers) {
  /** A backend of the CPU, named as {@link Backends#create(String, DType, Workers)} has it. */
  public static Engine of(String backend, Workers workers) {
    return new Engine(
        type -> Backends.create(backend, type, workers),
        type -> Backends.createForTraining(backend, type, workers),
        workers);
  }

  /** A device, which computes inference in float32; float64 is the CPU's. */
  public static Engine onDevice(Ops device, Workers workers) {
    return new Engine(
        type -> type == DType.F32 ? device : Backends.create("auto", type, workers), null, workers);
  }
}
