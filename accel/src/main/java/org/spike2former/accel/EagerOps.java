package org.spike2former.accel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.InterceptingOps;
import org.spike2former.tensor.OpCall;
import org.spike2former.tensor.OpName;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightType;

/**
 * Operations on a device one by one, each with its inputs sent and its result fetched: slow, and
 * what a comparison layer by layer needs. Plans are kept by operation and kind of input.
 */
public final class EagerOps extends InterceptingOps implements AutoCloseable {
  private final Offload.Session session;
  private final Map<List<Object>, ReadyPlan> ready = new HashMap<>();

  /** Operations on a session's device; {@code host} does what it cannot. */
  public EagerOps(Offload.Session session, Ops host) {
    super(host, true);
    this.session = session;
  }

  @Override
  public Precision precision() {
    return Precision.F32;
  }

  @Override
  public String describe() {
    return session.device() + ", operation by operation";
  }

  /** Every operation is a run of its own. */
  @Override
  public void beginRun(boolean reuse, Object kind) {}

  @Override
  public void endRun(boolean complete) {}

  @Override
  public String kernelsUsed() {
    return "";
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    return output;
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    return spikes;
  }

  @Override
  protected Tensor intercept(OpCall call) {
    if (call.name() == OpName.VALUE) {
      return call.on(delegate());
    }
    List<Object> key = key(call);
    ready.computeIfAbsent(
        key,
        _ -> ReadyPlan.compile(session, call::on, call.tensors(), delegate(), WeightType.FLOAT));
    return ReadyPlan.run(ready, key, call.tensors(), null);
  }

  private static List<Object> key(OpCall call) {
    List<Object> key = new ArrayList<>(List.of(call.name(), call.arguments()));
    call.tensors().forEach(x -> key.add(Plan.kind(x)));
    return key;
  }

  /** Gives back what the plans hold; the session stays open. */
  @Override
  public void close() {
    ready.values().forEach(ReadyPlan::close);
    ready.clear();
  }
}
