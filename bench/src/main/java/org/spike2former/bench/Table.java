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

/**
 * Runs benchmarks with JMH's command line and prints a table with the fraction of the machine's
 * multiply-add peak and memory bandwidth, which it measures first.
 */
public final class Table {
  private static final String PEAK = VectorPeakBenchmark.class.getName();

  private Table() {}

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
    print("%nOne thread: %.1f GFLOP/s, reading %.1f GB/s.%n%n", peak.get("fma"), peak.get("read"));
    print(
        "| benchmark | ms | GFLOP/s | of peak | GB/s | of bandwidth |%n|---|---|---|---|---|---|%n");
    for (RunResult result : results) {
      int threads = Integer.parseInt(result.getParams().getParam("threads"));
      double gflops = rate(result, "gflops");
      double gbytes = rate(result, "gbytes");
      print(
          "| %s | %.3f | %s | %s | %s | %s |%n",
          name(result.getParams()),
          milliseconds(result.getPrimaryResult()),
          cell("%.1f", gflops),
          cell("%.0f %%", 100 * gflops / (threads * peak.get("fma"))),
          cell("%.1f", gbytes),
          cell("%.0f %%", 100 * gbytes / (threads * peak.get("read"))));
    }
  }

  private static String cell(String format, double value) {
    return value > 0 ? String.format(Locale.ROOT, format, value) : "";
  }

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

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
