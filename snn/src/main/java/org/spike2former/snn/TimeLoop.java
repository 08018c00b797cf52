package org.spike2former.snn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/**
 * Runs a neuron's recurrence over the time steps of a tensor [groups·T·B, ...]; the membrane
 * potential starts from rest for every group.
 *
 * @param timeSteps T
 * @param groups independent sequences stacked on the first axis
 */
record TimeLoop(int timeSteps, int groups) {
  /** One time step of a neuron. */
  interface Dynamics {
    /** Spikes of the charged membrane. */
    Tensor fire(Ops ops, Tensor membrane);

    /** What the membrane keeps for the next step. */
    Tensor keep(Ops ops, Tensor membrane, Tensor spikes);
  }

  Tensor run(Ops ops, Tensor x, Dynamics dynamics) {
    if (x.dim(0) % (groups * timeSteps) != 0) {
      throw new ShapeException(
          String.format(
              Locale.ROOT,
              "%s does not divide into %d sequences of %d time steps",
              Shape.toString(x.shape()),
              groups,
              timeSteps));
    }
    if (timeSteps == 1) {
      return dynamics.fire(ops, x);
    }
    int batch = x.dim(0) / (groups * timeSteps);
    List<Tensor> spikes = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Tensor kept = null;
      for (int t = 0; t < timeSteps; t++) {
        int from = (group * timeSteps + t) * batch;
        Tensor input = ops.slice(x, from, from + batch);
        Tensor membrane = kept == null ? input : ops.add(kept, input);
        Tensor fired = dynamics.fire(ops, membrane);
        spikes.add(fired);
        kept = t == timeSteps - 1 ? null : dynamics.keep(ops, membrane, fired);
      }
    }
    return ops.concat(spikes);
  }
}
