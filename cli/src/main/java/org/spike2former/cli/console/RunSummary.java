package org.spike2former.cli.console;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spike2former.train.report.RunRecord;
import org.spike2former.train.report.RunRecord.Score;

/** What came of a run, in a few lines. */
public final class RunSummary {
  private static final double MEBI = 1 << 20;

  private RunSummary() {}

  /** The lines about a finished run. */
  public static List<String> lines(Path folder) throws IOException {
    RunRecord run = RunRecord.read(folder);
    List<String> lines = new ArrayList<>();
    String name = run.measure().title();
    Score best = run.best();
    if (best != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "best %s %s after step %,d, last %s after step %,d",
              name,
              TrainConsole.percent(best.value()),
              best.step(),
              TrainConsole.percent(run.last().value()),
              run.last().step()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%s in all, %.2f images/s, at most %,.0f MiB of heap",
            Lines.clock(run.seconds()),
            run.imagesPerSecond(),
            peakHeap() / MEBI));
    Path model = Files.isDirectory(run.folder().best()) ? run.folder().best() : run.folder().last();
    lines.add("model " + model + "; to use it: s2f segment -m " + quoted(model) + " PHOTO.jpg");
    return lines;
  }

  /** Of this process, summed over the parts of the heap, whose peaks need not coincide. */
  private static double peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToDouble(usage -> usage == null ? 0 : usage.getUsed())
        .sum();
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[\\w./+=@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
