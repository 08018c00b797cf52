package org.spike2former.accel;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightType;

/**
 * Operations on a device one by one, each with its inputs sent and its result fetched: slow, and
 * what a comparison layer by layer needs. Plans are kept by operation and kind of input.
 */
public final class EagerOps implements AutoCloseable {
  private final Offload.Session session;
  private final Ops host;
  private final Map<List<Object>, ReadyPlan> ready = new HashMap<>();

  /** Operations on a session's device; {@code host} does what it cannot. */
  public EagerOps(Offload.Session session, Ops host) {
    this.session = session;
    this.host = host;
  }

  /** The operations. */
  public Ops ops() {
    ClassLoader loader = EagerOps.class.getClassLoader();
    return (Ops) Proxy.newProxyInstance(loader, new Class<?>[] {Ops.class}, this::invoke);
  }

  private Object invoke(Object proxy, Method method, Object... arguments) {
    switch (method.getName()) {
      case "observe", "observeSpikes":
        return arguments[arguments.length - 1];
      case "realType":
        return DType.F32;
      case "describe":
        return session.device() + ", operation by operation";
      case "value":
        return host.value((Parameter) arguments[0]);
      case "beginRun", "endRun":
        return null;
      case "kernelsUsed":
        return "";
      default:
        return run(new Call(method, arguments));
    }
  }

  private Tensor run(Call call) {
    List<Tensor> inputs = call.tensors(Tensor.class);
    Plan.Function function = (ops, symbols) -> call.on(ops, Tensor.class, symbols);
    List<Object> key = key(call, inputs);
    ready.computeIfAbsent(
        key, any -> ReadyPlan.compile(session, function, inputs, host, WeightType.FLOAT));
    return ReadyPlan.run(ready, key, inputs, null);
  }

  /** Gives back what the plans hold; the session stays open. */
  @Override
  public void close() {
    ready.values().forEach(ReadyPlan::close);
    ready.clear();
  }

  private static List<Object> key(Call call, List<Tensor> inputs) {
    List<Object> key = new ArrayList<>(List.of(call.method()));
    for (Object argument : call.arguments()) {
      key.add(argument instanceof Tensor || argument instanceof List<?> ? "" : argument);
    }
    inputs.forEach(x -> key.add(Plan.kind(x)));
    return key;
  }
}
