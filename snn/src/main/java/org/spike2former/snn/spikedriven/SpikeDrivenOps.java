package org.spike2former.snn.spikedriven;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/**
 * Spike-driven inference: every neuron layer emits D binary maps, and every weight layer that it
 * feeds adds weights for their ones ({@link AdditionsF32}). Attention counts coinciding ones, and
 * the neuron after it compares the counts with integer thresholds. What is left to multiply acts on
 * real potentials: {@link OperationKind} names it.
 */
public final class SpikeDrivenOps extends DeploymentOps {
  private final boolean vector;
  private final Workers workers;
  private final Map<List<Number>, long[]> thresholds = new HashMap<>();

  /**
   * Spike-driven inference; operations on real potentials pass on to the CPU.
   *
   * @param maxSpikes D, the greatest of the network's neurons
   * @param backend of {@code cpu}: whether weights are added with the Vector API
   * @param workers threads; results do not depend on their number
   */
  public SpikeDrivenOps(Ops cpu, int maxSpikes, Backend backend, Workers workers) {
    super(cpu, maxSpikes);
    this.vector = Backends.isVector(backend);
    this.workers = workers;
  }

  @Override
  public String describe() {
    return "spike-driven, " + super.describe();
  }

  @Override
  Synapses prepare(MergedLayer layer) {
    return synapses(layer, OperationKind.NEURON_FED);
  }

  private Synapses synapses(MergedLayer layer, OperationKind kind) {
    LongAdder additions = counts().adder(kind);
    return precision() == Precision.F32
        ? new SynapsesF32(layer, maxSpikes(), vector, workers, additions)
        : new SynapsesF64(layer, maxSpikes(), vector, workers, additions);
  }

  /** The rows of a are the weights of a layer on b: from C channels to as many as a has rows. */
  @Override
  Tensor spikeProduct(Tensor a, Tensor b) {
    int maps = a.dim(0);
    int outputs = a.dim(1);
    int channels = a.dim(2);
    double[] weights = a.to(DType.F64).doubles();
    List<Tensor> products = new ArrayList<>();
    for (int n = 0; n < maps; n++) {
      double[][] rows = new double[channels][outputs];
      for (int i = 0; i < outputs; i++) {
        for (int c = 0; c < channels; c++) {
          rows[c][i] = weights[(n * outputs + i) * channels + c];
        }
      }
      MergedLayer layer =
          new MergedLayer(
              "mask product", false, channels, outputs, 1, 1, 1, 0, rows, new double[outputs]);
      Tensor out = synapses(layer, OperationKind.MASKS).apply(slice(b, n, n + 1));
      products.add(out.reshape(1, b.dim(1), outputs));
    }
    return transpose(concat(products));
  }

  @Override
  public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, double scale) {
    int[] shape = shapes().attention(q, k, v, heads);
    BinaryMaps queries = BinaryMaps.of(q, maxSpikes());
    BinaryMaps keys = BinaryMaps.of(k, maxSpikes());
    BinaryMaps values = BinaryMaps.of(v, maxSpikes());
    int width = q.dim(2) / heads;
    int valueWidth = v.dim(2) / heads;
    long[] sums = new long[Shape.size(shape)];
    LongAdder additions = counts().adder(OperationKind.ATTENTION);
    workers.run(
        q.dim(0) * heads,
        1,
        (from, to) -> {
          for (int pair = from; pair < to; pair++) {
            int n = pair / heads;
            int at = pair % heads * width;
            int valueAt = pair % heads * valueWidth;
            long[][] counted = new long[width][valueWidth];
            additions.add(
                AttentionSums.keyValue(keys, at, values, valueAt, n * k.dim(1), k.dim(1), counted));
            for (int row = n * q.dim(1); row < (n + 1) * q.dim(1); row++) {
              int out = row * v.dim(2) + valueAt;
              additions.add(AttentionSums.query(queries, row, at, counted, sums, out));
            }
          }
        });
    double factor = scale * q.scale() * k.scale() * v.scale();
    return new PendingSums(
        precision().type(),
        sums,
        factor,
        () -> counts().add(OperationKind.ATTENTION_SCALE, 0, sums.length),
        shape);
  }

  @Override
  public Tensor spikes(Tensor x, int most, double scale) {
    shapes().spikes(x, most);
    return x instanceof PendingSums sums
        ? sums.fire(
            thresholds.computeIfAbsent(
                List.of(sums.sumScale(), most),
                _ -> PendingSums.thresholds(precision().type(), sums.sumScale(), most)),
            scale)
        : super.spikes(x, most, scale);
  }
}
