package org.spike2former.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.InterceptingOps;
import org.spike2former.tensor.OpCall;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Times every operation: weight layers by their name, with what is fused into them, and other
 * operations by their kind.
 */
public final class LayerTimes extends InterceptingOps {
  /** What was measured of one layer or kind of operation. */
  public static final class OperationTime {
    public final String name;

    /** Such as {@code 3×3 64→256}; empty for an operation without weights. */
    public final String shape;

    public final List<Double> seconds = new ArrayList<>();

    /** Multiply-adds of one run if no zero is skipped. */
    public long multiplyAdds;

    public String kernel = "";
    private double runSeconds;
    private long spikes;
    private long fired;

    public OperationTime(String name, String shape) {
      this.name = name;
      this.shape = shape;
    }

    /** Share of incoming spikes that are not 0; NaN without spikes. */
    public double density() {
      return spikes == 0 ? Double.NaN : (double) fired / spikes;
    }
  }

  private final Map<String, OperationTime> rows = new LinkedHashMap<>();
  private boolean counting;

  /** Times what {@code ops} do. */
  public LayerTimes(Ops ops) {
    super(ops, true);
  }

  public List<OperationTime> rows() {
    return List.copyOf(rows.values());
  }

  /** Forgets what was measured. A run that counts looks into the tensors and is not timed. */
  public void begin(boolean count) {
    counting = count;
    rows.values().forEach(row -> row.runSeconds = 0);
  }

  /** Keeps the times of the run that ends. */
  public void end() {
    if (!counting) {
      rows.values().forEach(row -> row.seconds.add(row.runSeconds));
    }
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
    long start = System.nanoTime();
    Tensor output = call.on(delegate());
    record(call, output, (System.nanoTime() - start) / 1e9);
    return output;
  }

  private void record(OpCall call, Tensor output, double seconds) {
    WeightLayer layer =
        call.arguments().stream()
            .filter(WeightLayer.class::isInstance)
            .map(WeightLayer.class::cast)
            .findFirst()
            .orElse(null);
    String name = layer == null ? call.name().method() : layer.name();
    OperationTime row =
        rows.computeIfAbsent(name, n -> new OperationTime(n, layer == null ? "" : shape(layer)));
    row.runSeconds += seconds;
    if (counting) {
      count(call, row);
      String kernel = delegate().kernelsUsed();
      row.kernel = layer == null || kernel.isEmpty() ? row.kernel : kernel;
      if (layer != null) {
        int weights = Arrays.stream(layer.weight().shape()).reduce(1, (a, b) -> a * b);
        row.multiplyAdds += (long) output.size() / layer.outChannels() * weights;
      }
    }
  }

  private static void count(OpCall call, OperationTime row) {
    for (Tensor x : call.tensors()) {
      if (x.dtype() == DType.SPIKES) {
        for (byte k : x.bytes()) {
          row.fired += k == 0 ? 0 : 1;
        }
        row.spikes += x.size();
      }
    }
  }

  private static String shape(WeightLayer layer) {
    String window = layer.kernelHeight() + "×" + layer.kernelWidth();
    if (layer.kind() == WeightLayer.Kind.DEPTHWISE) {
      return "depthwise " + window + " " + layer.outChannels();
    }
    String stride = layer.stride() == 1 ? "" : "/" + layer.stride();
    return window + stride + " " + layer.inChannels() + "→" + layer.outChannels();
  }
}
