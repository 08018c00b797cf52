package org.spike2former.accel;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * Sends each operation where it belongs: to the host at once if its result is the same in every
 * run, to the {@link Recorder} if a device can do it, and else into the plan as a step of the host.
 */
final class Tracer {
  private static final Logger LOG = LoggerFactory.getLogger(Tracer.class);
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private final Recorder recorder;
  private final Ops host;

  private Tracer(Recorder recorder, Ops host) {
    this.recorder = recorder;
    this.host = host;
  }

  static Ops trace(Recorder recorder, Ops host) {
    Tracer tracer = new Tracer(recorder, host);
    ClassLoader loader = Tracer.class.getClassLoader();
    return (Ops) Proxy.newProxyInstance(loader, new Class<?>[] {Ops.class}, tracer::invoke);
  }

  private Object invoke(Object proxy, Method method, Object... arguments) {
    Call call = new Call(method, arguments);
    List<Symbol> symbols = call.tensors(Symbol.class);
    if (symbols.isEmpty() && !method.getName().startsWith("observe")) {
      return call.on(host);
    }
    try {
      return call.on(recorder);
    } catch (Unsupported e) {
      if (TOLD.add(method.getName() + e.getMessage())) {
        LOG.warn("{} is computed on the CPU: {}", method.getName(), e.getMessage());
      }
      return onHost(call, symbols);
    }
  }

  /** A step of the host; the operation runs on zeros once, to learn the result's shape. */
  private Tensor onHost(Call call, List<Symbol> symbols) {
    Step.HostFunction function =
        numbers -> {
          List<Tensor> tensors = new ArrayList<>();
          for (int i = 0; i < numbers.size(); i++) {
            tensors.add(symbols.get(i).holding(numbers.get(i)));
          }
          return Plan.numbers(call.on(host, Symbol.class, tensors));
        };
    List<Tensor> zeros = new ArrayList<>();
    symbols.forEach(symbol -> zeros.add(symbol.zeros()));
    Tensor shape = call.on(host, Symbol.class, zeros);
    return recorder.script().host(call.method().getName(), symbols, shape, function);
  }
}
