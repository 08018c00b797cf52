package org.spike2former.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar where standard error is a terminal, else nothing. */
final class Progress implements AutoCloseable {
  private final ProgressBar bar;

  Progress(String task, long steps) {
    bar =
        steps > 1 && isTerminal()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .build()
            : null;
  }

  /** Whether standard error is a terminal; the launcher knows. */
  static boolean isTerminal() {
    return Boolean.getBoolean("s2f.terminal");
  }

  void step() {
    if (bar != null) {
      bar.step();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
