package org.spike2former.accel;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.WeightType;

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
      Plan plan = Plan.of(function, inputs, session.kernels(), host, weights);
      try {
        return new ReadyPlan(plan, session.compile(plan));
      } catch (KernelException e) {
        if (session.kernels().missing(e.operation()) == null) {
          throw e;
        }
        LOG.debug(e.getMessage(), e);
      }
    }
  }

  /** Runs; {@code report} may be null. */
  Tensor run(List<Tensor> inputs, RunReport report) {
    List<Object> numbers = inputs.stream().map(Plan::numbers).toList();
    return plan.result(report == null ? executable.run(numbers) : executable.run(numbers, report));
  }

  @Override
  public void close() {
    executable.close();
  }
}
