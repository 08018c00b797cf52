package org.spike2former.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Segments, serves and trains in turn in one process, for {@code -Dsoak.minutes}, two hours by
 * default: every result is the first one bit by bit, and what the process holds stays flat. With
 * {@code -Dsoak.cores=0.5} it pauses so that it takes half a core on average. The samples are in
 * {@code tests/target/soak.csv} at all times.
 */
@Tag("soak")
class SoakTest {
  private static final double SECONDS = 60 * number("soak.minutes", 120);
  private static final double CORES =
      number("soak.cores", Runtime.getRuntime().availableProcessors());

  /** What a quantity may grow by in the second half of the time. */
  private record Limit(String name, ToDoubleFunction<Sample> quantity, double growth) {}

  private static final List<Limit> LIMITS =
      List.of(
          new Limit("resident memory, MiB", sample -> sample.resident() / 0x1p20, 16),
          new Limit("heap, MiB", sample -> sample.heap() / 0x1p20, 2),
          new Limit("classes and code, MiB", sample -> sample.nonHeap() / 0x1p20, 8),
          new Limit("handles", Sample::handles, 0.5),
          new Limit("threads", Sample::threads, 0.5),
          new Limit("files", Sample::files, 0.5));

  private final List<Sample> samples = new ArrayList<>();
  private final Map<Work, String> first = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private final double cpuAtStart = Sample.cpu();
  private long rounds;

  private static double number(String property, double usual) {
    String text = System.getProperty(property);
    return text == null ? usual : Double.parseDouble(text);
  }

  @Test
  void resultsStayTheSameAndNothingGrows(@TempDir Path temporary) throws Exception {
    String usual = System.setProperty("java.io.tmpdir", temporary.toString());
    Path csv = Path.of("target", "soak.csv").toAbsolutePath();
    try (Work segment = new SegmentWork();
        Work serve = new ServeWork();
        Work train = new TrainWork(temporary);
        BufferedWriter writer = Files.newBufferedWriter(csv)) {
      writer.write(Sample.HEADER + "\n");
      do {
        for (Work work : List.of(segment, serve, train)) {
          String result = work.once();
          assertThat(result)
              .as("%s, round %d", work.name(), rounds)
              .isEqualTo(first.computeIfAbsent(work, _ -> result));
          rounds++;
          sample(work.name(), temporary, writer);
          pause();
        }
      } while (passed() < SECONDS);
    } finally {
      System.setProperty("java.io.tmpdir", usual);
    }
    assertFlat();
  }

  private double passed() {
    return (System.nanoTime() - start) / 1e9;
  }

  private void sample(String after, Path temporary, BufferedWriter writer) throws Exception {
    Sample sample = Sample.take(after, passed(), rounds, temporary);
    samples.add(sample);
    writer.write(sample.line() + "\n");
    writer.flush();
  }

  private void pause() throws InterruptedException {
    double ahead = (Sample.cpu() - cpuAtStart) / CORES - passed();
    if (ahead > 0) {
      Thread.sleep((long) (1000 * Math.min(ahead, 60)));
    }
  }

  private void assertFlat() {
    assertThat(samples).as("samples in %.0f s", SECONDS).hasSizeGreaterThan(20);
    Sample last = samples.getLast();
    System.out.printf(
        Locale.ROOT,
        "%d rounds in %.0f s, %.0f s of CPU, %d samples%n",
        rounds,
        last.seconds(),
        last.cpuSeconds() - cpuAtStart,
        samples.size());
    SoftAssertions flat = new SoftAssertions();
    for (Limit limit : LIMITS) {
      double growth = Trend.growth(samples, limit.quantity);
      double[] values = samples.stream().mapToDouble(limit.quantity).sorted().toArray();
      System.out.printf(
          Locale.ROOT,
          "%s: %.1f at first, %.1f at last, least %.1f, median %.1f, greatest %.1f;"
              + " grew by %.2f in the second half, %.1f allowed%n",
          limit.name,
          limit.quantity.applyAsDouble(samples.getFirst()),
          limit.quantity.applyAsDouble(last),
          values[0],
          values[values.length / 2],
          values[values.length - 1],
          growth,
          limit.growth);
      flat.assertThat(growth).as(limit.name).isLessThanOrEqualTo(limit.growth);
    }
    flat.assertAll();
  }
}
