package org.spike2former.verify.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;

/** Renders reports as one HTML page that needs no other file: verdict first, details folded. */
public final class HtmlReport {
  private record Page(
      String title,
      String style,
      boolean pass,
      List<Failed> failed,
      List<Overview> reports,
      List<Line> environment,
      List<SectionHtml> details) {}

  /** A section that failed, for the top of the page. */
  private record Failed(
      boolean pass, String id, String name, long failures, int rows, String first) {}

  private record Line(String name, String value) {}

  /** A report; {@code first} is null without a difference. */
  private record Overview(
      String folder,
      String name,
      boolean pass,
      String first,
      List<Summary> sections,
      List<Line> limits) {}

  private record Summary(
      String id,
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
    List<Failed> failed = new ArrayList<>();
    List<SectionHtml> details = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      ParityReport report = reports.get(i);
      String name = shortName(report.folder());
      for (int k = 0; k < report.sections().size(); k++) {
        Section section = report.sections().get(k);
        String id = id(i, k);
        details.add(SectionHtml.of(id, report.folder(), name, section, report.firstDifference()));
        if (!section.pass()) {
          failed.add(failed(id, name, section));
        }
      }
    }
    // Of those alike, the order stays.
    details.sort(Comparator.comparing(SectionHtml::pass));
    Page page =
        new Page(
            title,
            Html.resource("report.css"),
            !reports.isEmpty() && reports.stream().allMatch(ParityReport::pass),
            failed,
            IntStream.range(0, reports.size()).mapToObj(i -> overview(i, reports.get(i))).toList(),
            lines(environment.entries()),
            details);
    return Html.render("page", page);
  }

  private static String id(int report, int section) {
    return "s" + report + "-" + section;
  }

  /** The last parts of the paths, which the page has in full as hints. */
  private static String shortName(String folder) {
    return Arrays.stream(folder.split(" and "))
        .map(path -> path.replaceAll("[/\\\\]+$", "").replaceAll(".*[/\\\\]", ""))
        .collect(Collectors.joining(" and "));
  }

  private static Failed failed(String id, String name, Section section) {
    String first =
        section.rows().stream()
            .filter(row -> !row.pass())
            .map(TensorComparison::name)
            .findFirst()
            .orElse("nothing was compared");
    String title = name + ", " + section.title();
    return new Failed(false, id, title, section.failures(), section.rows().size(), first);
  }

  private static Overview overview(int index, ParityReport report) {
    FirstDifference first = report.firstDifference();
    return new Overview(
        report.folder(),
        shortName(report.folder()),
        report.pass(),
        first == null ? null : describe(first),
        IntStream.range(0, report.sections().size())
            .mapToObj(k -> summary(id(index, k), report.sections().get(k)))
            .toList(),
        limits(report));
  }

  private static String describe(FirstDifference first) {
    return ReportText.describe(first)
        + values(first)
        + (first.row().pass() ? " It is within the tolerance." : "");
  }

  private static Summary summary(String id, Section section) {
    FirstDifference own = section.firstDifference();
    return new Summary(
        id,
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
