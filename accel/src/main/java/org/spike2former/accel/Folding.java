package org.spike2former.accel;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Move;
import org.spike2former.accel.operation.Neuron;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Padded;
import org.spike2former.tensor.layer.Window;

/**
 * Fewer launches: neurons, BatchNorms, tables and residuals move into the step that computes what
 * they read, and a ring of constants into the convolution that reads it. Every number is computed
 * as before, in the same order.
 */
final class Folding {
  private final Buffer result;
  private final DeviceCapabilities capabilities;
  private final Map<Buffer, Integer> readers = new IdentityHashMap<>();
  private final List<Step> done = new ArrayList<>();

  /** Where a buffer that is not an input was written. */
  private final Map<Buffer, Integer> writers = new IdentityHashMap<>();

  /**
   * An elementwise operation as a finish.
   *
   * @param x the numbers that it finishes
   */
  private record Link(Buffer x, Finish finish) {}

  /**
   * @param result the plan's
   */
  Folding(Buffer result, DeviceCapabilities capabilities) {
    this.result = result;
    this.capabilities = capabilities;
  }

  /** The same computation in fewer steps. */
  List<Step> fold(List<Step> steps) {
    readers.put(result, 1);
    for (Step step : steps) {
      step.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
    }
    for (Step step : steps) {
      if (!foldBack(step)) {
        add(withRing(step));
      }
    }
    return done.stream().filter(step -> step != null).toList();
  }

  private void add(Step step) {
    step.outputs().forEach(output -> writers.put(output, done.size()));
    done.add(step);
  }

  /** Moves a step into the one that writes what it reads, if the latter can take it. */
  private boolean foldBack(Step step) {
    for (Link link : links(step.operation())) {
      int at = writers.getOrDefault(link.x(), -1);
      if (at < 0 || !isBefore(link.finish().residual(), at)) {
        continue;
      }
      boolean kept = readers.get(link.x()) > 1;
      Operation folded = folded(done.get(at).operation(), link, kept);
      if (folded != null) {
        Step before = done.get(at);
        done.set(at, new Step(before.name(), before.stage(), folded));
        folded.outputs().forEach(output -> writers.put(output, at));
        return true;
      }
    }
    return false;
  }

  /** Whether a buffer is written before a step, or is none. */
  private boolean isBefore(Buffer buffer, int step) {
    return buffer == null || writers.getOrDefault(buffer, -1) < step;
  }

  /** An operation with a finish more, or null. */
  private Operation folded(Operation before, Link link, boolean kept) {
    Finish next = link.finish();
    return switch (before) {
      case Finished(Operation of, Finish finish) -> finished(of, finish.then(next, kept));
      case Elementwise elementwise -> chain(elementwise, next, link.x(), kept);
      case Convolution layer when layer.residual() != null ->
          finished(
              plain(layer),
              new Finish(null, null, layer.residual(), layer.output(), null, 0).then(next, kept));
      case Int8Convolution layer
          when layer.result() instanceof Int8Convolution.Potentials sums
              && sums.residual() != null ->
          finished(
              plain(layer, sums),
              new Finish(null, null, sums.residual(), layer.output(), null, 0).then(next, kept));
      default ->
          before.output().type() == Buffer.Type.FLOATS
              ? finished(before, Finish.store(before.output()).then(next, kept))
              : null;
    };
  }

  private static Convolution plain(Convolution layer) {
    return new Convolution(
        layer.depthwise(),
        layer.x(),
        layer.weights(),
        layer.bias(),
        null,
        0,
        layer.window(),
        layer.output());
  }

  private static Int8Convolution plain(Int8Convolution layer, Int8Convolution.Potentials sums) {
    return new Int8Convolution(
        layer.depthwise(),
        layer.x(),
        layer.weights(),
        new Int8Convolution.Potentials(sums.scale(), sums.bias(), null),
        layer.window(),
        layer.output());
  }

  private static Operation finished(Operation of, Finish finish) {
    if (finish == null) {
      return null;
    }
    return Finished.takes(of, finish) ? new Finished(of, finish) : null;
  }

  private Operation chain(Elementwise before, Finish next, Buffer x, boolean kept) {
    if (capabilities.missing(Operation.Kind.CHAIN) != null) {
      return null;
    }
    for (Link link : links(before)) {
      Finish both = link.finish().then(next, kept);
      if (both != null) {
        return new Elementwise.Chain(link.x(), both);
      }
    }
    return null;
  }

  /** The ways in which an operation is a finish of what it reads. */
  private static List<Link> links(Operation operation) {
    return switch (operation) {
      case Neuron.Spikes(Buffer x, int maxSpikes, Buffer out) ->
          List.of(new Link(x, new Finish(null, null, null, null, out, maxSpikes)));
      case Elementwise.Affine(Buffer x, Buffer factor, Buffer shift, Buffer out) ->
          List.of(new Link(x, new Finish(factor, shift, null, out, null, 0)));
      case Elementwise.AddTable(Buffer x, Buffer table, Buffer out) ->
          List.of(new Link(x, new Finish(null, table, null, out, null, 0)));
      case Elementwise.AddScaled(Buffer x, Buffer gamma, Buffer y, Buffer out) ->
          List.of(new Link(y, new Finish(gamma, null, x, out, null, 0)));
      case Elementwise.Sum(Operation.Kind kind, Buffer a, Buffer b, Buffer out)
          when kind == Operation.Kind.ADD ->
          List.of(
              new Link(b, new Finish(null, null, a, out, null, 0)),
              new Link(a, new Finish(null, null, b, out, null, 0)));
      case Elementwise.Chain(Buffer x, Finish finish) -> List.of(new Link(x, finish));
      default -> List.of();
    };
  }

  /** A depthwise layer without padding takes the ring that it reads; the pad goes. */
  private Step withRing(Step step) {
    if (step.operation() instanceof Convolution layer
        && layer.depthwise()
        && layer.window().pad() == 0
        && layer.residual() == null
        && layer.maxSpikes() == 0
        && readers.get(layer.x()) == 1
        && writers.containsKey(layer.x())) {
      int at = writers.get(layer.x());
      if (done.get(at).operation() instanceof Move.Pad pad) {
        done.set(at, null);
        return new Step(step.name(), step.stage(), padded(layer, pad));
      }
    }
    return step;
  }

  private static Padded padded(Convolution layer, Move.Pad pad) {
    Window g = layer.window();
    Window inner =
        new Window(
            g.n(),
            pad.h(),
            pad.w(),
            g.cin(),
            g.cout(),
            g.kh(),
            g.kw(),
            g.stride(),
            1,
            g.oh(),
            g.ow());
    Convolution unpadded =
        new Convolution(
            true, pad.x(), layer.weights(), layer.bias(), null, 0, inner, layer.output());
    return new Padded(unpadded, pad.shift(), 1);
  }
}
