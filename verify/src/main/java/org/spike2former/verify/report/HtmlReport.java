package org.spike2former.verify.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.Tolerances;

/** Renders reports as one HTML page that needs no other file: verdict first, details folded. */
public final class HtmlReport {
  private static final String STYLE = "report.css";

  private HtmlReport() {}

  /**
   * The page.
   *
   * @param title its heading
   */
  public static String render(String title, Environment environment, List<ParityReport> reports) {
    Html page = new Html();
    page.tags("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.tags("<meta name=\"viewport\" content=\"width=device-width\">");
    page.element("title", title).tags("<style>" + style() + "</style></head>\n<body>\n");
    boolean pass = !reports.isEmpty() && reports.stream().allMatch(ParityReport::pass);
    page.tags("<h1>").text(title).tags(" ");
    verdict(page, pass);
    page.tags("</h1>\n");
    for (ParityReport report : reports) {
      overview(page, report);
    }
    environment(page, environment);
    for (ParityReport report : reports) {
      FirstDifference first = report.firstDifference();
      for (Section section : report.sections()) {
        SectionHtml.add(page, report.folder(), section, first);
      }
    }
    return page.tags("</body></html>\n").toString();
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void verdict(Html page, boolean pass) {
    page.element("span", pass ? "pass" : "fail", pass ? "pass" : "FAIL");
  }

  private static void overview(Html page, ParityReport report) {
    page.tags("<h2>").text(report.folder()).tags(" ");
    verdict(page, report.pass());
    page.tags("</h2>\n");
    FirstDifference first = report.firstDifference();
    if (first == null) {
      page.element("p", "first", "No difference that is more than rounding.").tags("\n");
    } else {
      page.tags("<p class=\"first found\"><b>First difference:</b> ");
      page.text(ReportText.describe(first)).text(values(first));
      page.text(first.row().pass() ? " It is within the tolerance." : "").tags("</p>\n");
    }
    page.tags("<table><tr><th class=\"text\">section<th class=\"text\">backend<th>tensors");
    page.tags("<th>tolerance<th>max rel err<th>spikes<th>flipped<th>near ties<th>failed");
    page.tags("<th class=\"text\">first difference<th>verdict</tr>\n");
    for (Section section : report.sections()) {
      FirstDifference own = section.firstDifference();
      page.tags("<tr>").element("td", "text", section.title());
      page.element("td", "text", section.backend());
      page.element("td", section.rows().size());
      page.element("td", ReportText.number(section.tolerance()));
      page.element("td", ReportText.number(section.worstError()));
      page.element("td", section.spikesCompared()).element("td", section.flipped());
      page.element("td", section.nearTies()).element("td", section.failures());
      page.element("td", "text", own == null ? "" : own.row().name()).tags("<td>");
      verdict(page, section.pass());
      page.tags("</tr>\n");
    }
    page.tags("</table>\n<table>");
    Tolerances limits = report.tolerances();
    line(page, "tolerances", limits.name());
    line(page, "blocks", pair(limits.f64(), limits.f32()));
    line(page, "gradients", pair(limits.gradientF64(), limits.gradientF32()));
    String near = ReportText.number(limits.nearTie());
    line(page, "near tie", "potential within " + near + " of a rounding boundary");
    report.digests().forEach((file, digest) -> line(page, "SHA-256 of " + file, digest));
    page.tags("</table>\n");
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

  private static void environment(Html page, Environment environment) {
    page.element("h2", "Environment").tags("\n<table>");
    for (Map.Entry<String, String> entry : environment.entries().entrySet()) {
      line(page, entry.getKey(), entry.getValue());
    }
    page.tags("</table>\n");
  }

  private static void line(Html page, String name, String value) {
    page.tags("<tr>").element("th", "text", name).element("td", "text", value).tags("</tr>\n");
  }
}
