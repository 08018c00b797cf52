package org.spike2former.accel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightType;

/**
 * Runs programs on a device. The first input of a kind makes the plan, which stays ready for the
 * next ones; of several plans, the last {@value #KEPT} stay.
 */
public final class PlannedRunner implements Program.Runner {
  private static final int KEPT = 4;

  private final Offload.Session session;
  private final Ops host;
  private final WeightType weights;
  private final Map<List<Object>, ReadyPlan> ready = new LinkedHashMap<>();
  private RunReport report;

  /**
   * Runs programs.
   *
   * @param host float32 operations on the CPU, with these weights, for what a device cannot do
   * @param weights how layers on spikes hold their weights
   */
  public PlannedRunner(Offload.Session session, Ops host, WeightType weights) {
    this.session = session;
    this.host = host;
    this.weights = weights;
  }

  @Override
  public Tensor run(Object kind, Object sizes, Program program, Tensor input) {
    List<Object> name = List.of(kind, sizes, Plan.kind(input));
    makeReady(name, program, input);
    return ReadyPlan.run(ready, name, List.of(input), report);
  }

  /** Measures the runs to come; null measures no more. */
  public void report(RunReport into) {
    report = into;
  }

  private void makeReady(List<Object> name, Program program, Tensor input) {
    ReadyPlan known = ready.remove(name);
    if (known == null) {
      while (ready.size() >= KEPT) {
        closeOldest();
      }
      known = compile((ops, inputs) -> program.run(ops, inputs.get(0)), input);
    }
    ready.put(name, known);
  }

  /** Plans, and lets older plans go where the device has no room for another. */
  private ReadyPlan compile(Plan.Function function, Tensor input) {
    while (true) {
      try {
        return ReadyPlan.compile(session, function, List.of(input), host, weights);
      } catch (NoRoomException e) {
        if (ready.isEmpty()) {
          throw e;
        }
        closeOldest();
      }
    }
  }

  private void closeOldest() {
    ready.remove(ready.keySet().iterator().next()).close();
  }

  @Override
  public void close() {
    try {
      ready.values().forEach(ReadyPlan::close);
      ready.clear();
    } finally {
      session.close();
    }
  }
}
