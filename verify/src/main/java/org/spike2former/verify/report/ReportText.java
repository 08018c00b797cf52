package org.spike2former.verify.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.Kind;
import org.spike2former.verify.compare.Row;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.Tolerances;

/** Renders a report as text in columns of fixed width. */
public final class ReportText {
  private static final int MOST_FLIPS = 20;
  private static final String SECTION = "%-52s %-30s %7s %12s %12s %8s %9s %7s  %s%n";
  private static final String ROW = "%-4s %-11s %-74s %10s %9s %9s %8s %9s  %s%n";

  private ReportText() {}

  /** The rows that failed and the spikes that differ, a line for each section, the verdict. */
  public static String summary(ParityReport report) {
    return render(report, false);
  }

  /**
   * Every row, a line for each section, the verdict; of equal checkpoint tensors the count alone.
   */
  public static String full(ParityReport report) {
    return render(report, true);
  }

  private static String render(ParityReport report, boolean all) {
    StringBuilder out = new StringBuilder();
    for (Section section : report.sections()) {
      rows(out, section, all);
      flips(out, section.flips());
    }
    out.append(out.isEmpty() ? "" : "\n");
    line(
        out,
        SECTION,
        "section",
        "backend",
        "tensors",
        "max rel err",
        "spikes",
        "flipped",
        "near ties",
        "failed",
        "verdict");
    for (Section section : report.sections()) {
      line(
          out,
          SECTION,
          section.title(),
          section.backend(),
          section.rows().size(),
          number(section.worstError()),
          section.spikesCompared(),
          section.flipped(),
          section.nearTies(),
          section.failures(),
          verdict(section.pass()));
    }
    if (report.firstDifference() != null) {
      out.append("first difference: ").append(describe(report.firstDifference())).append('\n');
    }
    out.append(report.folder()).append(": ").append(verdict(report.pass()));
    if (!report.tolerances().equals(Tolerances.DEFAULT)) {
      out.append(", tolerances ").append(report.tolerances().name());
    }
    return out.append('\n').toString();
  }

  /** A difference in a sentence: which tensor, how much, where, and what before it agrees. */
  public static String describe(FirstDifference first) {
    Row row = first.row();
    StringBuilder out = new StringBuilder(row.name()).append(" (").append(row.kind().label());
    out.append("), ").append(first.section()).append(": ");
    if (row.flipped() > 0) {
      out.append(row.flipped()).append(" of ").append(row.elements()).append(" spikes");
    } else if (row.maxAbsError() == 0) {
      out.append(row.note());
    } else {
      out.append("relative error ").append(number(row.maxRelError()));
    }
    if (!row.worst().isEmpty()) {
      out.append(" at ").append(coordinates(row.worst()));
    }
    if (first.noise() > 0 && row.flipped() == 0) {
      out.append(", rounding gives up to ").append(number(first.noise()));
    }
    return first.previous().isEmpty()
        ? out.append("; it is the first tensor").toString()
        : out.append("; all before it agree, up to ").append(first.previous()).toString();
  }

  private static void rows(StringBuilder out, Section section, boolean all) {
    List<Row> rows =
        section.rows().stream()
            .filter(row -> !row.pass() || all && row.kind() != Kind.WEIGHT)
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    out.append('\n').append(section.title()).append(", ").append(section.backend()).append('\n');
    line(
        out,
        ROW,
        "",
        "kind",
        "name",
        "elements",
        "max abs",
        "max rel",
        "flipped",
        "near ties",
        "worst at, note");
    for (Row row : rows) {
      line(
          out,
          ROW,
          verdict(row.pass()),
          row.kind().label(),
          row.name(),
          row.elements(),
          number(row.maxAbsError()),
          number(row.maxRelError()),
          row.flipped(),
          row.nearTies(),
          (coordinates(row.worst()) + " " + row.note()).strip());
    }
  }

  private static void flips(StringBuilder out, List<Flip> flips) {
    for (Flip flip : flips.subList(0, Math.min(MOST_FLIPS, flips.size()))) {
      out.append(
          String.format(
              Locale.ROOT,
              "     %s %s: recorded %d, computed %d, potential %s%s%n",
              flip.neuron(),
              coordinates(flip.at()),
              flip.recorded(),
              flip.computed(),
              flip.potential() == null ? "unknown" : flip.potential().toString(),
              flip.isNearTie() ? ", a near tie" : ""));
    }
    if (flips.size() > MOST_FLIPS) {
      out.append("     and ").append(flips.size() - MOST_FLIPS).append(" more\n");
    }
  }

  /** Formats, without blanks at the end of the line. */
  private static void line(StringBuilder out, String format, Object... columns) {
    out.append(String.format(Locale.ROOT, format, columns).stripTrailing()).append('\n');
  }

  private static String verdict(boolean pass) {
    return pass ? "pass" : "FAIL";
  }

  /** Two digits, as in 1.2e-07. */
  public static String number(double x) {
    return x == 0 ? "0" : String.format(Locale.ROOT, "%.1e", x);
  }

  /** As [0, 1, 2]. */
  public static String coordinates(List<Integer> at) {
    return at.isEmpty()
        ? ""
        : at.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
