package org.spike2former.cli.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.spike2former.train.Evaluation;
import org.spike2former.train.Quality;
import org.spike2former.train.StepReport;
import org.spike2former.train.TrainListener;
import org.spike2former.train.report.RunPlan;

/**
 * A run on the console: lines on standard output, and below them a progress bar where there is a
 * terminal.
 */
public final class TrainConsole implements TrainListener, AutoCloseable {
  /** Steps whose mean duration foretells the rest. */
  private static final int WINDOW = 20;

  /** Steps after which the time of the rest can be told. */
  private static final int ESTIMATE_AFTER = 5;

  /** So many classes are all shown, of more the worst. */
  private static final int MOST_CLASSES = 24;

  private static final int WORST = 10;

  private final int logEvery;
  private final boolean terminal;
  private final int width = Lines.width();
  private RunPlan plan;
  private int measured;
  private ProgressBar bar;
  private long iterations;
  private int imagesPerStep;
  private long lastNanos;
  private final DescriptiveStatistics seconds = new DescriptiveStatistics(WINDOW);
  private double lossSum;
  private int lossCount;
  private long evaluationStart;

  public TrainConsole(int logEvery) {
    this.logEvery = logEvery;
    this.terminal = Progress.isTerminal();
  }

  @Override
  public void planned(RunPlan run) {
    plan = run;
    RunBanner.lines(run).forEach(this::print);
  }

  @Override
  public void started(long step, long total, int images) {
    iterations = total;
    imagesPerStep = images;
    lastNanos = System.nanoTime();
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("train")
              .setInitialMax(total * images)
              .startsFrom(step * images, Duration.ZERO)
              .setUnit(" img", 1)
              .showSpeed()
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(1000)
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }
  }

  @Override
  public void step(StepReport report) {
    long now = System.nanoTime();
    seconds.addValue((now - lastNanos) / 1e9);
    lastNanos = now;
    lossSum += report.loss();
    lossCount++;
    if (bar != null) {
      bar.stepBy(imagesPerStep);
    }
    if (++measured == ESTIMATE_AFTER && report.step() < iterations) {
      print(estimate(report.step()));
    }
    if (report.step() % logEvery == 0 || report.step() == iterations) {
      print(line(report));
      lossSum = 0;
      lossCount = 0;
    }
  }

  /** The first step, which compiles, is no measure of the others. */
  private String estimate(long step) {
    double each = seconds.getSum() - seconds.getElement(0);
    String text =
        "about "
            + Lines.clock((iterations - step) * each / (measured - 1))
            + " to go, as these steps take";
    long evaluations = plan == null ? 0 : plan.evaluationsAfter(step);
    return switch ((int) Math.min(2, evaluations)) {
      case 0 -> text;
      case 1 -> text + ", and an evaluation";
      default -> text + ", and " + evaluations + " evaluations";
    };
  }

  /** With the parts of the loss and the gradient where there is room. */
  private String line(StepReport report) {
    String start =
        String.format(
            Locale.ROOT, "step %d/%d  loss %.4f", report.step(), iterations, lossSum / lossCount);
    String parts =
        String.format(
            Locale.ROOT,
            " (classes %.3f, masks %.3f, dice %.3f)",
            report.cls(),
            report.mask(),
            report.dice());
    String gradient = String.format(Locale.ROOT, "  gradient %.3g", report.gradientNorm());
    String end =
        String.format(
            Locale.ROOT,
            "  lr %.3g  %.2f img/s  ETA %s",
            report.learningRate(),
            imagesPerStep / seconds.getMean(),
            Lines.clock((iterations - report.step()) * seconds.getMean()));
    return Lines.fitting(
        width, start + parts + gradient + end, start + gradient + end, start + end);
  }

  @Override
  public void evaluating(long step, int images) {
    evaluationStart = System.nanoTime();
  }

  @Override
  public void evaluated(long step, Evaluation result, boolean best) {
    long now = System.nanoTime();
    print(
        String.format(
            Locale.ROOT,
            "step %d/%d%s%s  (%.1f s)",
            step,
            iterations,
            result.measures().stream()
                .map(each -> "  " + each.name() + " " + percent(each.value()))
                .collect(Collectors.joining()),
            best ? "  best so far" : "",
            (now - evaluationStart) / 1e9));
    classes(result).forEach(this::print);
    lastNanos = now;
  }

  /** The value of each class; of many, of the worst. */
  private List<String> classes(Evaluation result) {
    if (plan == null) {
      return List.of();
    }
    List<String> names = plan.config().data().classes().names();
    List<Double> values = result.classes();
    List<Integer> shown =
        IntStream.range(0, values.size())
            .boxed()
            .filter(k -> values.size() <= MOST_CLASSES || !Double.isNaN(values.get(k)))
            .toList();
    String title = Quality.of(plan.config().data()).ofClass();
    if (shown.size() > MOST_CLASSES) {
      shown = shown.stream().sorted(Comparator.comparing(values::get)).limit(WORST).toList();
      title = "lowest " + title;
    }
    List<String> items = new ArrayList<>(List.of(title));
    shown.forEach(k -> items.add(names.get(k) + " " + percent(values.get(k))));
    return Lines.wrapped(width, "  ", items);
  }

  /** Two decimals, "-" for NaN. */
  public static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  @Override
  public void notice(String line) {
    print(line.replaceAll("\\p{Cntrl}+", " "));
  }

  private void print(String line) {
    if (bar != null) {
      System.err.print("\r\u001b[K");
      System.err.flush();
    }
    System.out.println(line);
    System.out.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
