package org.spike2former.cli.console;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar where standard error is a terminal, else nothing. */
public final class Progress implements AutoCloseable {
  private final ProgressBar bar;

  public Progress(String task, long steps) {
    bar =
        steps > 1 && isTerminal()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                // The other one moves the cursor up, over what was printed.
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build()
            : null;
  }

  /** Whether standard error is a terminal; the launcher knows. */
  static boolean isTerminal() {
    return Boolean.getBoolean("s2f.terminal");
  }

  /** Clears the bar's line for what is printed next; the bar is drawn again below it. */
  public void makeRoom() {
    if (bar != null) {
      System.err.print("\r\u001b[K");
      System.err.flush();
    }
  }

  public void step() {
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
