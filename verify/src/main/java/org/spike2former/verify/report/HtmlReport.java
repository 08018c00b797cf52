package org.spike2former.verify.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.Tolerances;

/** Renders reports as one HTML page that needs no other file: verdict first, details folded. */
public final class HtmlReport {
  private record Page(
      String title, String style, boolean pass, List<Overview> reports, List<Line> environment) {}

  private record Line(String name, String value) {}

  /** A report; {@code first} is null without a difference. */
  private record Overview(
      String folder,
      boolean pass,
      String first,
      List<Summary> sections,
      List<Line> limits,
      List<SectionHtml> details) {}

  private record Summary(
      String title,
      String backend,
      int tensors,
      String tolerance,
      String worstError,
      long spikes,
      long flipped,
      long nearTies,
      long failures,
      String firstDifference,
      boolean pass) {}

  private HtmlReport() {}

  /**
   * The page.
   *
   * @param title its heading
   */
  public static String render(String title, Environment environment, List<ParityReport> reports) {
    Page page =
        new Page(
            title,
            Html.resource("report.css"),
            !reports.isEmpty() && reports.stream().allMatch(ParityReport::pass),
            reports.stream().map(HtmlReport::overview).toList(),
            lines(environment.entries()));
    return Html.render("page", page);
  }

  private static Overview overview(ParityReport report) {
    FirstDifference first = report.firstDifference();
    return new Overview(
        report.folder(),
        report.pass(),
        first == null ? null : describe(first),
        report.sections().stream().map(HtmlReport::summary).toList(),
        limits(report),
        report.sections().stream()
            .map(section -> SectionHtml.of(report.folder(), section, first))
            .toList());
  }

  private static String describe(FirstDifference first) {
    return ReportText.describe(first)
        + values(first)
        + (first.row().pass() ? " It is within the tolerance." : "");
  }

  private static Summary summary(Section section) {
    FirstDifference own = section.firstDifference();
    return new Summary(
        section.title(),
        section.backend(),
        section.rows().size(),
        ReportText.number(section.tolerance()),
        ReportText.number(section.worstError()),
        section.spikesCompared(),
        section.flipped(),
        section.nearTies(),
        section.failures(),
        own == null ? "" : own.row().name(),
        section.pass());
  }

  private static List<Line> limits(ParityReport report) {
    Tolerances limits = report.tolerances();
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("tolerances", limits.name()));
    lines.add(new Line("blocks", pair(limits.f64(), limits.f32())));
    lines.add(new Line("gradients", pair(limits.gradientF64(), limits.gradientF32())));
    String near = ReportText.number(limits.nearTie());
    lines.add(new Line("near tie", "potential within " + near + " of a rounding boundary"));
    report.digests().forEach((file, digest) -> lines.add(new Line("SHA-256 of " + file, digest)));
    return lines;
  }

  private static String pair(double f64, double f32) {
    return "float64 " + ReportText.number(f64) + ", float32 " + ReportText.number(f32);
  }

  private static String values(FirstDifference first) {
    if (first.row().details() == null) {
      return ".";
    }
    return first.row().details().worst().stream()
        .limit(1)
        .map(worst -> "; recorded " + worst.recorded() + ", computed " + worst.computed() + ".")
        .collect(Collectors.joining());
  }

  private static List<Line> lines(Map<String, String> entries) {
    return entries.entrySet().stream().map(e -> new Line(e.getKey(), e.getValue())).toList();
  }
}
