package org.spike2former.verify.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;

/** Renders a report as text in aligned columns. */
public final class ReportText {
  private static final int MOST_FLIPS = 20;

  /** Most differing weights that are named. */
  private static final int MOST_WEIGHTS = 5;

  private ReportText() {}

  /**
   * The verdict, which weights and configuration differ, the rows that failed and the spikes that
   * differ, a line for each section, the verdict again.
   */
  public static String summary(ParityReport report) {
    return render(report, false);
  }

  /** The same with every row; of equal checkpoint tensors the count alone. */
  public static String full(ParityReport report) {
    return render(report, true);
  }

  /** The verdict alone, in a line. */
  public static String headline(ParityReport report) {
    long tensors = report.sections().stream().mapToLong(section -> section.rows().size()).sum();
    long failed = report.sections().stream().mapToLong(Section::failures).sum();
    return String.format(
        Locale.ROOT,
        "%s: %s%s, %,d comparisons%s%n",
        report.folder(),
        verdict(report.pass()),
        limits(report),
        tensors,
        failed == 0 ? "" : String.format(Locale.ROOT, ", %,d failed", failed));
  }

  private static String limits(ParityReport report) {
    return report.tolerances().equals(Tolerances.DEFAULT)
        ? ""
        : ", tolerances " + report.tolerances().name();
  }

  private static String render(ParityReport report, boolean all) {
    StringBuilder out = new StringBuilder(headline(report));
    networks(out, report);
    for (Section section : report.sections()) {
      rows(out, section, all);
      flips(out, section.flips());
    }
    out.append('\n').append(sections(report).text());
    if (report.firstDifference() != null) {
      out.append("first difference: ").append(describe(report.firstDifference())).append('\n');
    }
    out.append(report.folder()).append(": ").append(verdict(report.pass()));
    return out.append(limits(report)).append('\n').toString();
  }

  /** What of the networks differs, so that nothing after it need be searched for the reason. */
  private static void networks(StringBuilder out, ParityReport report) {
    for (Section section : report.sections()) {
      for (TensorComparison row : section.rows()) {
        if (row.kind() == ComparisonKind.FILE && !row.pass()) {
          out.append(row.name()).append(": ").append(row.note()).append('\n');
        }
      }
      List<TensorComparison> weights =
          section.rows().stream()
              .filter(row -> row.kind() == ComparisonKind.WEIGHT)
              .filter(row -> !row.pass() || row.maxAbsError() != 0)
              .toList();
      if (!weights.isEmpty()) {
        out.append(weights.size()).append(" of ").append(section.rows().size());
        out.append(" weights differ: ");
        out.append(
            weights.stream()
                .limit(MOST_WEIGHTS)
                .map(ReportText::weight)
                .collect(Collectors.joining(", ")));
        out.append(weights.size() > MOST_WEIGHTS ? ", …\n" : "\n");
      }
    }
  }

  private static String weight(TensorComparison row) {
    return row.name() + (row.maxAbsError() == 0 ? "" : " (" + number(row.maxRelError()) + ")");
  }

  /** A difference in a sentence: which tensor, how much, where, and what before it agrees. */
  public static String describe(FirstDifference first) {
    TensorComparison row = first.row();
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
    List<TensorComparison> rows =
        section.rows().stream()
            .filter(row -> !row.pass() || all && row.kind() != ComparisonKind.WEIGHT)
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    out.append('\n').append(section.title());
    out.append(section.backend().isEmpty() ? "" : ", " + section.backend()).append('\n');
    out.append(rowTable(rows).text());
  }

  private static Table<Section> sections(ParityReport report) {
    return Table.of(
        report.sections(),
        Column.left("section", Section::title),
        Column.left("backend", Section::backend),
        Column.right("tensors", 7, section -> section.rows().size()),
        Column.right("max rel err", 12, section -> number(section.worstError())),
        Column.right("spikes", 12, Section::spikesCompared),
        Column.right("flipped", 8, Section::flipped),
        Column.right("near ties", 9, Section::nearTies),
        Column.right("failed", 7, Section::failures),
        Column.left("verdict", section -> verdict(section.pass())));
  }

  private static Table<TensorComparison> rowTable(List<TensorComparison> rows) {
    return Table.of(
        rows,
        Column.left("", 4, row -> verdict(row.pass())),
        Column.left("kind", 11, row -> row.kind().label()),
        Column.left("name", 74, TensorComparison::name),
        Column.right("elements", 10, TensorComparison::elements),
        Column.right("max abs", 9, row -> number(row.maxAbsError())),
        Column.right("max rel", 9, row -> number(row.maxRelError())),
        Column.right("flipped", 8, TensorComparison::flipped),
        Column.right("near ties", 9, TensorComparison::nearTies),
        Column.left(
            "worst at, note", row -> (coordinates(row.worst()) + " " + row.note()).strip()));
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
