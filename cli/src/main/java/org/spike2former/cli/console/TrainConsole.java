package org.spike2former.cli.console;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.spike2former.train.Evaluation;
import org.spike2former.train.StepReport;
import org.spike2former.train.TrainListener;

/**
 * A run on the console: lines on standard output, and below them a progress bar where there is a
 * terminal.
 */
public final class TrainConsole implements TrainListener, AutoCloseable {
  /** Steps whose mean duration foretells the rest. */
  private static final int WINDOW = 20;

  private final int logEvery;
  private final boolean terminal;
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
    if (report.step() % logEvery == 0 || report.step() == iterations) {
      print(
          String.format(
              Locale.ROOT,
              "step %d/%d  loss %.4f (classes %.3f, masks %.3f, dice %.3f)  gradient %.3g  lr %.3g"
                  + "  %.2f img/s  ETA %s",
              report.step(),
              iterations,
              lossSum / lossCount,
              report.cls(),
              report.mask(),
              report.dice(),
              report.gradientNorm(),
              report.learningRate(),
              imagesPerStep / seconds.getMean(),
              clock((iterations - report.step()) * seconds.getMean())));
      lossSum = 0;
      lossCount = 0;
    }
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
    lastNanos = now;
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

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
