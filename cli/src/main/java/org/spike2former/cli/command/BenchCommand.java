package org.spike2former.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.spike2former.accel.Offload;
import org.spike2former.accel.Offloads;
import org.spike2former.accel.Plan;
import org.spike2former.accel.PlannedRunner;
import org.spike2former.accel.Roof;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.WeightsKeyOption;
import org.spike2former.cli.option.WeightsOption;
import org.spike2former.cli.report.ColdBench;
import org.spike2former.cli.report.DeviceBench;
import org.spike2former.cli.report.LaunchTable;
import org.spike2former.cli.report.LayerChart;
import org.spike2former.cli.report.LayerTimes;
import org.spike2former.cli.report.LayerTimes.OperationTime;
import org.spike2former.cli.report.RoofFile;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.pixel.FrameImage;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f bench}: how long the network takes, and each of its layers. */
@Command(
    name = "bench",
    header = "Times the network and its layers on an image.",
    description =
        "Times are medians of warm runs, from the normalised image to the label map. GFLOP/s count"
            + " the multiplications by zero spikes too, so that kernels that skip them show more"
            + " than the machine's peak.",
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  private static final int WARM_UP_RUNS = 3;
  private static final double WARM_UP_SECONDS = 8;

  @Parameters(arity = "0..1", paramLabel = "IMAGE", description = "Default: a bundled sample.")
  private Path image;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL_DIR",
      description = "Model folder, or the name of one in models (default: camvid).")
  private Path model;

  @Mixin private ComputeOptions compute;

  @Mixin private WeightsOption weights;

  @Mixin private WeightsKeyOption weightsKey;

  @Option(names = "--precision", paramLabel = "f32|f64", defaultValue = "f32")
  private Precision precision;

  @Option(names = "--runs", paramLabel = "N", defaultValue = "15", description = "Timed runs.")
  private int runs;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "25",
      description = "Layers to print, the slowest first; 0 for all.")
  private int rows;

  @Option(
      names = "--chart",
      paramLabel = "FILE.png",
      description = "Draws the time of the slowest layers.")
  private Path chart;

  @Option(
      names = "--cold",
      description =
          "Segments one image, as a process that does nothing else, and says where its time goes.")
  private boolean cold;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "Runs nothing: bytes, operations and work-items of each launch on a device, and the least"
              + " time that a described one needs for them: the name of a file in configs/roofs. With"
              + " --backend tornado it says what device that is, and the launches are timed too.")
  private String device;

  @Option(names = "--json", description = "Print as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (runs < 1 || rows < 0) {
      throw new IllegalArgumentException(
          "expected --precision f32 or f64, --runs of 1 or more and --rows of 0 or more");
    }
    compute.apply();
    Path folder = Home.model(model);
    Path file = image == null ? Home.path().resolve("samples/street.jpg") : image;
    if (cold) {
      measureCold(folder, file);
      return 0;
    }
    Network network = ModelFolder.load(folder, weightsKey.key(), false);
    PreparedImage prepared =
        Preprocessing.read(folder.resolve("preprocess.json")).prepare(FrameImage.read(file));
    Tensor input = Tensor.of(prepared.floats(), prepared.shape()).to(precision.type());
    Roof roof = device == null ? null : readRoof();
    if (roof != null && !Offloads.isDevice(compute.backend())) {
      describeLaunches(network, input, file, roof);
      return 0;
    }
    try (Workers workers = new Workers(compute.threads());
        Offload.Session session = compute.openDevice(precision)) {
      if (session != null) {
        measure(network, input, file, session, roof, workers);
        return 0;
      }
      Ops ops = Backends.create(compute.cpuBackend(), precision, weights.type(), workers);
      DescriptiveStatistics whole = new DescriptiveStatistics();
      LayerTimes times = measure(network, input, ops, whole);
      if (json) {
        System.out.println(describe(file, input, ops, whole, times).toPrettyString());
      } else {
        print(file, input, ops, whole, times);
      }
      if (chart != null) {
        List<OperationTime> layers = slowestFirst(times);
        String title = "%s, %d×%d, %s";
        LayerChart.write(
            String.format(
                Locale.ROOT,
                title,
                folder.getFileName(),
                input.dim(2),
                input.dim(1),
                ops.describe()),
            layers,
            layers.stream().mapToDouble(BenchCommand::median).toArray(),
            chart);
      }
    }
    return 0;
  }

  private Roof readRoof() throws IOException {
    if (chart != null || precision != Precision.F32) {
      throw new IllegalArgumentException("--device goes without --chart, with --precision f32");
    }
    Path description = Home.roofs().named(device);
    if (!Files.isRegularFile(description)) {
      throw new IllegalArgumentException(
          device
              + ": no such description of a device; there are "
              + String.join(", ", Home.roofs().names()));
    }
    return RoofFile.read(description);
  }

  private void describeLaunches(Network network, Tensor input, Path file, Roof roof) {
    try (Workers workers = new Workers(1)) {
      Ops host = Backends.create(Backend.AUTO, Precision.F32, weights.type(), workers);
      Plan plan =
          Plan.of(
              (ops, in) -> network.labels(ops, in.get(0)),
              List.of(input),
              _ -> null,
              host,
              weights.type());
      LaunchTable table = new LaunchTable(plan, roof);
      System.out.print(
          json
              ? table.json().put("image", file.toString()).toPrettyString() + "\n"
              : table.text(rows));
    }
  }

  private void measureCold(Path folder, Path file) throws IOException {
    if (chart != null) {
      throw new IllegalArgumentException("--chart is of warm runs; --cold is one that is not");
    }
    ColdBench bench = new ColdBench();
    SegmenterOptions options =
        SegmenterOptions.builder()
            .backend(compute.cpuBackend())
            .precision(precision)
            .weights(weights.type())
            .weightsKey(weightsKey.key())
            .threads(compute.threads())
            .build();
    bench.run(folder, options, file);
    System.out.print(json ? bench.json().toPrettyString() + "\n" : bench.table().text());
  }

  private void measure(
      Network network,
      Tensor input,
      Path file,
      Offload.Session device,
      Roof roof,
      Workers workers) {
    if (chart != null) {
      throw new IllegalArgumentException("--chart is for backends of the CPU");
    }
    Ops host = Backends.create(Backend.AUTO, Precision.F32, weights.type(), workers);
    DeviceBench bench;
    try (PlannedRunner runner = new PlannedRunner(device, host, weights.type())) {
      bench = new DeviceBench(runner, device.device(), roof);
      bench.run(network::labels, input, runs);
    }
    String backend = device.device().toString();
    if (json) {
      ObjectNode node = bench.json().put("image", file.toString()).put("backend", backend);
      node.put("width", input.dim(2)).put("height", input.dim(1));
      System.out.println(node.toPrettyString());
    } else {
      System.out.printf(Locale.ROOT, "%s  %d×%d  %s%n", file, input.dim(2), input.dim(1), backend);
      bench.print(rows);
    }
  }

  private LayerTimes measure(Network network, Tensor input, Ops ops, DescriptiveStatistics whole) {
    LayerTimes times = new LayerTimes(ops);
    long start = System.nanoTime();
    for (int i = 0; i < WARM_UP_RUNS || System.nanoTime() - start < WARM_UP_SECONDS * 1e9; i++) {
      run(network, ops, input);
    }
    times.begin(true);
    run(network, times, input);
    for (int i = 0; i < runs; i++) {
      long begin = System.nanoTime();
      run(network, ops, input);
      whole.addValue((System.nanoTime() - begin) / 1e9);
      times.begin(false);
      run(network, times, input);
      times.end();
    }
    return times;
  }

  private static void run(Network network, Ops ops, Tensor input) {
    Program.runner(ops).run("labels", network::labels, input);
  }

  private static double median(OperationTime row) {
    return new DescriptiveStatistics(row.seconds.stream().mapToDouble(x -> x).toArray())
        .getPercentile(50);
  }

  private static List<OperationTime> slowestFirst(LayerTimes times) {
    List<OperationTime> sorted = new ArrayList<>(times.rows());
    sorted.sort(Comparator.comparingDouble(row -> -median(row)));
    return sorted;
  }

  private void print(
      Path file, Tensor input, Ops ops, DescriptiveStatistics whole, LayerTimes times) {
    System.out.printf(
        Locale.ROOT, "%s  %d×%d  %s%n", file, input.dim(2), input.dim(1), ops.describe());
    System.out.printf(
        Locale.ROOT,
        "median %.1f ms, min %.1f, max %.1f of %d runs%n%n",
        1e3 * whole.getPercentile(50),
        1e3 * whole.getMin(),
        1e3 * whole.getMax(),
        runs);
    double sum = times.rows().stream().mapToDouble(BenchCommand::median).sum();
    List<OperationTime> slowest =
        slowestFirst(times).stream().limit(rows == 0 ? Long.MAX_VALUE : rows).toList();
    System.out.print(
        Table.of(
                slowest,
                Column.right("ms", 9, "%.3f", row -> 1e3 * median(row)),
                Column.right("%", 6, "%.1f", row -> 100 * median(row) / sum),
                Column.right("density", 8, "%.2f", OperationTime::density),
                Column.right("GFLOP/s", 9, "%.1f", BenchCommand::gflops),
                Column.left("kernel", 11, row -> row.kernel),
                Column.left("shape", 18, row -> row.shape),
                Column.left("layer or operation", row -> row.name))
            .text());
  }

  /** NaN for what multiplies nothing. */
  private static double gflops(OperationTime row) {
    return row.multiplyAdds == 0 ? Double.NaN : 2e-9 * row.multiplyAdds / median(row);
  }

  private ObjectNode describe(
      Path file, Tensor input, Ops ops, DescriptiveStatistics whole, LayerTimes times) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("image", file.toString()).put("backend", ops.describe());
    node.put("width", input.dim(2)).put("height", input.dim(1)).put("runs", runs);
    node.put("median_seconds", whole.getPercentile(50)).put("min_seconds", whole.getMin());
    Table<OperationTime> layers =
        Table.of(
            slowestFirst(times),
            Column.of("name", row -> row.name),
            Column.of("shape", row -> row.shape),
            Column.of("seconds", BenchCommand::median),
            Column.of("kernel", row -> row.kernel),
            Column.of("multiply_adds", row -> row.multiplyAdds),
            Column.of("density", OperationTime::density));
    node.set("layers", layers.json());
    return node;
  }
}
