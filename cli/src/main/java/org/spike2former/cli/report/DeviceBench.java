package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.spike2former.accel.Device;
import org.spike2former.accel.LaunchWork;
import org.spike2former.accel.PlannedRunner;
import org.spike2former.accel.Roof;
import org.spike2former.accel.RunReport;
import org.spike2former.accel.Step;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;

/** Times a program on a device, and shows what one warm run of its plan does. */
public final class DeviceBench {
  private final PlannedRunner runner;
  private final Roof roof;
  private final Lanes lanes;
  private final DescriptiveStatistics seconds = new DescriptiveStatistics();
  private final RunReport report = new RunReport();
  private double firstSeconds;

  /**
   * A bench of what runs on a device.
   *
   * @param device where the runner runs
   * @param roof what the device can do at most; null if nothing says so
   */
  public DeviceBench(PlannedRunner runner, Device device, Roof roof) {
    this.runner = runner;
    this.lanes = device.lanes();
    this.roof = roof;
  }

  /** Runs once to compile, so many times to time, and once to look at. */
  public void run(Program program, Tensor input, int runs) {
    firstSeconds = time(program, input);
    for (int i = 0; i < runs; i++) {
      seconds.addValue(time(program, input));
    }
    runner.report(report);
    time(program, input);
    runner.report(null);
  }

  private double time(Program program, Tensor input) {
    long start = System.nanoTime();
    runner.run("bench", program, input);
    return (System.nanoTime() - start) / 1e9;
  }

  /** What the steps that share a name did; the least seconds are NaN without a roof. */
  private record LaunchTotals(
      String name,
      long launches,
      long nanoseconds,
      long bytes,
      long operations,
      long items,
      double leastSeconds) {
    static LaunchTotals of(String name, RunReport.Launch launch, LaunchWork work, Roof roof) {
      return new LaunchTotals(
          name,
          1,
          launch.nanoseconds(),
          work.bytes(),
          work.operations(),
          work.workItems(),
          roof == null ? Double.NaN : roof.seconds(work));
    }

    /** Share of the roof that was reached. */
    double reached() {
      return leastSeconds / (nanoseconds / 1e9);
    }

    LaunchTotals plus(LaunchTotals other) {
      return new LaunchTotals(
          name,
          launches + other.launches,
          nanoseconds + other.nanoseconds,
          bytes + other.bytes,
          operations + other.operations,
          items + other.items,
          leastSeconds + other.leastSeconds);
    }
  }

  private LaunchWork work(RunReport.Launch launch) {
    return LaunchWork.of(launch.step(), lanes);
  }

  private static String kind(Step step) {
    return step.kind().name().toLowerCase(Locale.ROOT);
  }

  private List<LaunchTotals> rows(Function<Step, String> name) {
    Map<String, LaunchTotals> rows = new LinkedHashMap<>();
    for (RunReport.Launch launch : report.launches()) {
      LaunchTotals one = LaunchTotals.of(name.apply(launch.step()), launch, work(launch), roof);
      rows.merge(one.name(), one, LaunchTotals::plus);
    }
    return new ArrayList<>(rows.values());
  }

  /** Prints times, transfers, and the slowest kernels and layers. */
  public void print(int layers) {
    System.out.printf(
        Locale.ROOT,
        "median %.1f ms, min %.1f, max %.1f of %d runs; the first, with compiling, %.1f s%n",
        1e3 * seconds.getPercentile(50),
        1e3 * seconds.getMin(),
        1e3 * seconds.getMax(),
        seconds.getN(),
        firstSeconds);
    System.out.printf(
        Locale.ROOT,
        "one run: %,d bytes to the device, %,d bytes back, %d launches; memory on the device %,d"
            + " bytes%n",
        report.bytesToDevice(),
        report.bytesToHost(),
        report.launches().size(),
        report.memoryBytes());
    if (roof != null) {
      System.out.printf(
          Locale.ROOT,
          "at least %.3f ms in kernels on %s%n",
          report.launches().stream().mapToDouble(x -> 1e3 * roof.seconds(work(x))).sum(),
          roof.name());
    }
    print("stage", rows(Step::stage), Integer.MAX_VALUE);
    List<LaunchTotals> kernels = rows(DeviceBench::kind);
    kernels.sort((a, b) -> Long.compare(b.nanoseconds(), a.nanoseconds()));
    print("kernel", kernels, Integer.MAX_VALUE);
    List<LaunchTotals> slowest = rows(step -> kind(step) + " " + step.name());
    slowest.sort((a, b) -> Long.compare(b.nanoseconds(), a.nanoseconds()));
    print("layer or operation", slowest, layers == 0 ? Integer.MAX_VALUE : layers);
  }

  private void print(String what, List<LaunchTotals> rows, int most) {
    long sum = rows.stream().mapToLong(LaunchTotals::nanoseconds).sum();
    List<Column<LaunchTotals>> columns = new ArrayList<>();
    columns.addAll(
        List.of(
            Column.right("ms", 9, "%.3f", row -> row.nanoseconds() / 1e6),
            Column.right("%", 6, "%.1f", row -> 100.0 * row.nanoseconds() / Math.max(1, sum)),
            Column.right("launches", 8, LaunchTotals::launches),
            Column.right("MB", 8, "%.2f", row -> row.bytes() / 1e6),
            Column.right("GB/s", 7, "%.1f", row -> (double) row.bytes() / row.nanoseconds()),
            Column.right("MOP", 9, "%.1f", row -> row.operations() / 1e6),
            Column.right("GOP/s", 8, "%.1f", row -> (double) row.operations() / row.nanoseconds()),
            Column.right("work-items", 10, LaunchTotals::items)));
    if (roof != null) {
      columns.add(Column.right("least, ms", 9, "%.4f", row -> 1e3 * row.leastSeconds()));
      columns.add(Column.right("of roof", 7, "%.4f", LaunchTotals::reached));
    }
    columns.add(Column.left(what, LaunchTotals::name));
    List<LaunchTotals> shown = rows.subList(0, Math.min(most, rows.size()));
    System.out.print("\n" + new Table<>(columns, shown).text());
  }

  /** All of it. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("median_seconds", seconds.getPercentile(50)).put("min_seconds", seconds.getMin());
    node.put("runs", seconds.getN()).put("first_seconds", firstSeconds);
    node.put("memory_bytes", report.memoryBytes());
    node.put("bytes_to_device", report.bytesToDevice()).put("bytes_to_host", report.bytesToHost());
    List<Column<RunReport.Launch>> columns = new ArrayList<>();
    columns.addAll(
        List.of(
            Column.of("kernel", launch -> kind(launch.step())),
            Column.of("name", launch -> launch.step().name()),
            Column.of("stage", launch -> launch.step().stage()),
            Column.of("nanoseconds", RunReport.Launch::nanoseconds),
            Column.of("read_bytes", launch -> work(launch).read()),
            Column.of("written_bytes", launch -> work(launch).written()),
            Column.of("operations", launch -> work(launch).operations()),
            Column.of("work_items", launch -> work(launch).workItems())));
    if (roof != null) {
      node.put("device", roof.name());
      columns.add(Column.of("least_seconds", launch -> roof.seconds(work(launch))));
      columns.add(Column.of("share", launch -> roof.share(work(launch))));
      columns.add(Column.of("held_back_by", launch -> roof.limit(work(launch))));
    }
    node.set("launches", new Table<>(columns, report.launches()).json());
    return node;
  }
}
