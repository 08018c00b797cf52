package org.spike2former.accel;

import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightType;

/** A plan and what runs it. */
record ReadyPlan(Plan plan, Offload.Executable executable) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadyPlan.class);

  /**
   * Plans a function and makes it ready; a kernel that does not compile is left to the host.
   *
   * @throws OffloadException if the device fails
   */
  static ReadyPlan compile(
      Offload.Session session,
      Plan.Function function,
      List<Tensor> inputs,
      Ops host,
      WeightType weights) {
    while (true) {
      Plan plan = Plan.of(function, inputs, session.capabilities(), host, weights);
      try {
        return new ReadyPlan(plan, session.compile(plan));
      } catch (KernelException e) {
        if (session.capabilities().missing(e.kind()) == null) {
          throw e;
        }
        LOG.debug(e.getMessage(), e);
      }
    }
  }

  /**
   * Runs the plan of this name. What a run that fails leaves on the device is not known, so its
   * plan goes.
   *
   * @param report may be null
   */
  static Tensor run(
      Map<List<Object>, ReadyPlan> plans,
      List<Object> name,
      List<Tensor> inputs,
      RunReport report) {
    boolean complete = false;
    try {
      Tensor result = plans.get(name).run(inputs, report);
      complete = true;
      return result;
    } finally {
      if (!complete) {
        plans.remove(name).discard();
      }
    }
  }

  private Tensor run(List<Tensor> inputs, RunReport report) {
    List<Object> numbers = inputs.stream().map(Plan::numbers).toList();
    return plan.result(report == null ? executable.run(numbers) : executable.run(numbers, report));
  }

  /** Closes after a failure, which is the one to tell of. */
  private void discard() {
    try {
      close();
    } catch (RuntimeException | Error e) {
      LOG.debug("closing a plan whose run failed", e);
    }
  }

  @Override
  public void close() {
    executable.close();
  }
}
