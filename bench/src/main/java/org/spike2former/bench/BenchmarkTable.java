package org.spike2former.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;

/**
 * Runs benchmarks with JMH's command line and prints a table with the fraction of the machine's
 * multiply-add peak and memory bandwidth, which it measures first.
 */
public final class BenchmarkTable {
  private static final String PEAK = VectorPeakBenchmark.class.getName();

  private BenchmarkTable() {}

  /** Arguments: JMH's. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    Map<String, Double> peak = new HashMap<>();
    for (RunResult result : new Runner(new OptionsBuilder().include(PEAK).build()).run()) {
      String name = result.getPrimaryResult().getLabel();
      peak.put(name, rate(result, name.equals("fma") ? "gflops" : "gbytes"));
    }
    Collection<RunResult> results =
        new Runner(new OptionsBuilder().parent(new CommandLineOptions(args)).exclude(PEAK).build())
            .run();
    System.out.printf(
        Locale.ROOT,
        "%nOne thread: %.1f GFLOP/s, reading %.1f GB/s.%n%n",
        peak.get("fma"),
        peak.get("read"));
    Table<RunResult> table =
        Table.of(
            List.copyOf(results),
            Column.left("benchmark", result -> name(result.getParams())),
            Column.right("ms", 0, "%.3f", result -> milliseconds(result.getPrimaryResult())),
            Column.right("GFLOP/s", 0, "%.1f", result -> rate(result, "gflops")),
            Column.right("of peak", 0, "%.0f %%", result -> share(result, "gflops", peak)),
            Column.right("GB/s", 0, "%.1f", result -> rate(result, "gbytes")),
            Column.right("of bandwidth", 0, "%.0f %%", result -> share(result, "gbytes", peak)));
    System.out.print(table.markdown());
  }

  /** In percent of what the machine can do. */
  private static double share(RunResult result, String counter, Map<String, Double> peak) {
    int threads = Integer.parseInt(result.getParams().getParam("threads"));
    double most = peak.get(counter.equals("gflops") ? "fma" : "read");
    return 100 * rate(result, counter) / (threads * most);
  }

  /** NaN where the benchmark does not count that. */
  private static double rate(RunResult result, String counter) {
    Result<?> rate = result.getSecondaryResults().get(counter);
    return rate == null ? Double.NaN : rate.getScore();
  }

  /** Time of one operation, whether JMH gave it or its inverse. */
  private static double milliseconds(Result<?> result) {
    return switch (result.getScoreUnit()) {
      case "ops/s" -> 1e3 / result.getScore();
      case "ms/op" -> result.getScore();
      default -> Double.NaN;
    };
  }

  private static String name(BenchmarkParams params) {
    List<String> words = new ArrayList<>();
    String path = params.getBenchmark();
    words.add(path.substring(path.lastIndexOf('.', path.lastIndexOf('.') - 1) + 1));
    for (String key : params.getParamsKeys()) {
      words.add(key + "=" + params.getParam(key));
    }
    return String.join(" ", words);
  }
}
