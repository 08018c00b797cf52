package org.spike2former.cli.report;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Times every operation: weight layers by their name, with what is fused into them, and other
 * operations by their kind.
 */
public final class LayerTimes {
  /** What was measured of one layer or kind of operation. */
  public static final class Row {
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

    public Row(String name, String shape) {
      this.name = name;
      this.shape = shape;
    }

    /** Share of incoming spikes that are not 0; NaN without spikes. */
    public double density() {
      return spikes == 0 ? Double.NaN : (double) fired / spikes;
    }
  }

  private final Ops delegate;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private boolean counting;

  public LayerTimes(Ops delegate) {
    this.delegate = delegate;
  }

  public List<Row> rows() {
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

  /** The operations, timed. */
  public Ops ops() {
    ClassLoader loader = LayerTimes.class.getClassLoader();
    return (Ops) Proxy.newProxyInstance(loader, new Class<?>[] {Ops.class}, this::invoke);
  }

  private Object invoke(Object proxy, Method method, Object... arguments) throws Throwable {
    if (method.getName().startsWith("observe")) {
      return arguments[arguments.length - 1];
    }
    long start = System.nanoTime();
    Object result;
    try {
      result = method.invoke(delegate, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (result instanceof Tensor output) {
      record(method.getName(), output, seconds, arguments);
    }
    return result;
  }

  private void record(String operation, Tensor output, double seconds, Object... arguments) {
    WeightLayer layer =
        Stream.of(arguments)
            .filter(WeightLayer.class::isInstance)
            .map(WeightLayer.class::cast)
            .findFirst()
            .orElse(null);
    String name = layer == null ? operation : layer.name();
    Row row = rows.computeIfAbsent(name, n -> new Row(n, layer == null ? "" : shape(layer)));
    row.runSeconds += seconds;
    if (counting) {
      String kernel = delegate.kernelsUsed();
      row.kernel = layer == null || kernel.isEmpty() ? row.kernel : kernel;
      Stream.of(arguments)
          .filter(Tensor.class::isInstance)
          .map(Tensor.class::cast)
          .filter(x -> x.dtype() == DType.SPIKES)
          .forEach(
              x -> {
                for (byte k : x.bytes()) {
                  row.fired += k == 0 ? 0 : 1;
                }
                row.spikes += x.size();
              });
      if (layer != null) {
        int weights = Arrays.stream(layer.weight().shape()).reduce(1, (a, b) -> a * b);
        row.multiplyAdds += (long) output.size() / layer.outChannels() * weights;
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
