package org.spike2former.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/**
 * Counts the spikes that change when a network computes the same image in another way. {@code
 * stability.py} in {@code verify/export} counts PyTorch's.
 */
public final class SpikeStability {
  private record Way(Precision type, Backend backend, int threads) {
    @Override
    public String toString() {
      return type + " " + backend + ", threads: " + threads;
    }
  }

  private SpikeStability() {}

  /** Prints a line for each change. Arguments: model folder, image. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("expected two arguments: model folder, image");
    }
    Workload workload = Workload.load(Path.of(args[0]), Path.of(args[1]));
    Way single = new Way(Precision.F32, Backend.AUTO, 1);
    Way twice = new Way(Precision.F64, Backend.AUTO, 1);
    compare(
        workload,
        single,
        new Way(Precision.F32, Backend.AUTO, 2),
        new Way(Precision.F32, Backend.AUTO, 3),
        new Way(Precision.F32, Backend.SCALAR, 2),
        twice);
    compare(
        workload,
        twice,
        new Way(Precision.F64, Backend.AUTO, 2),
        new Way(Precision.F64, Backend.SCALAR, 2));
  }

  private static void compare(Workload workload, Way first, Way... others) {
    Map<String, byte[]> spikes = new HashMap<>();
    run(workload, first, spikes::put);
    for (Way other : others) {
      Difference difference = new Difference(spikes);
      run(workload, other, difference);
      System.out.printf(
          Locale.ROOT,
          "%s -> %s: %d of %d spikes change, %.4f %%%n",
          first,
          other,
          difference.changed,
          difference.all,
          100.0 * difference.changed / difference.all);
    }
  }

  private static void run(Workload workload, Way way, BiConsumer<String, byte[]> listener) {
    try (Workers workers = new Workers(way.threads())) {
      workload.allStates(
          new Listening(Backends.create(way.backend(), way.type(), workers), listener));
    }
  }

  private static final class Difference implements BiConsumer<String, byte[]> {
    private final Map<String, byte[]> expected;
    private long changed;
    private long all;

    Difference(Map<String, byte[]> expected) {
      this.expected = expected;
    }

    @Override
    public void accept(String neuron, byte[] spikes) {
      byte[] before = expected.get(neuron);
      for (int i = 0; i < spikes.length; i++) {
        changed += spikes[i] == before[i] ? 0 : 1;
      }
      all += spikes.length;
    }
  }

  private static final class Listening extends ForwardingOps {
    private final BiConsumer<String, byte[]> listener;

    Listening(Ops ops, BiConsumer<String, byte[]> listener) {
      super(ops);
      this.listener = listener;
    }

    @Override
    public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
      listener.accept(neuron, spikes.bytes());
      return spikes;
    }
  }
}
