package org.spike2former.accel;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.tensor.InterceptingOps;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.OpCall;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * Sends each operation where it belongs: to the host at once if its result is the same in every
 * run, to the {@link RecordingOps} if a device can do it, and else into the plan as a step of the
 * host.
 */
final class TracingOps extends InterceptingOps {
  private static final Logger LOG = LoggerFactory.getLogger(TracingOps.class);
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private final RecordingOps recorder;

  TracingOps(RecordingOps recorder, Ops host) {
    super(host, true);
    this.recorder = recorder;
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    return recorder.observe(block, output);
  }

  @Override
  public void endStage(NetworkPart part, String stage) {
    recorder.endStage(part, stage);
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    return recorder.observeSpikes(neuron, potential, spikes);
  }

  @Override
  protected Tensor intercept(OpCall call) {
    List<Symbol> symbols =
        call.tensors().stream().filter(Symbol.class::isInstance).map(Symbol.class::cast).toList();
    if (symbols.isEmpty()) {
      return call.on(delegate());
    }
    try {
      return call.on(recorder);
    } catch (Unsupported e) {
      String operation = call.name().method();
      if (TOLD.add(operation + e.getMessage())) {
        LOG.warn("{} is computed on the CPU: {}", operation, e.getMessage());
      }
      return onHost(call, symbols);
    }
  }

  /** A step of the host; the operation runs on zeros once, to learn the result's shape. */
  private Tensor onHost(OpCall call, List<Symbol> symbols) {
    Ops host = delegate();
    Function<List<Object>, Object> function =
        numbers -> {
          List<Tensor> tensors = new ArrayList<>();
          for (int i = 0; i < numbers.size(); i++) {
            tensors.add(symbols.get(i).holding(numbers.get(i)));
          }
          return Plan.numbers(call.on(host, withSymbolsAs(tensors, call)));
        };
    List<Tensor> zeros = symbols.stream().map(Symbol::zeros).toList();
    Tensor shape = call.on(host, withSymbolsAs(zeros, call));
    return recorder.builder().host(call.name().method(), symbols, shape, function);
  }

  /** The call's tensors with these in place of its symbols, in order. */
  private static List<Tensor> withSymbolsAs(List<Tensor> others, OpCall call) {
    Iterator<Tensor> rest = others.iterator();
    return call.tensors().stream().map(x -> x instanceof Symbol ? rest.next() : x).toList();
  }
}
