package org.spike2former.verify;

import java.util.function.Function;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/**
 * One way to compute, in either precision.
 *
 * @param inference makes operations for inference
 * @param training makes operations for training; null where it cannot train
 * @param workers threads of the criterion and the optimiser
 */
public record Engine(
    Function<Precision, Ops> inference, Function<Precision, TapeOps> training, Workers workers) {
  /** A backend of the CPU. */
  public static Engine of(Backend backend, Workers workers) {
    return new Engine(
        precision -> Backends.create(backend, precision, workers),
        precision -> Backends.createForTraining(backend, precision, workers),
        workers);
  }

  /** A device, which computes inference in float32; float64 is the CPU's. */
  public static Engine onDevice(Ops device, Workers workers) {
    return new Engine(
        precision ->
            precision == Precision.F32 ? device : Backends.create(Backend.AUTO, precision, workers),
        null,
        workers);
  }
}
