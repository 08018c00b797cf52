package org.spike2former.verify.report;

import java.util.List;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.Kind;
import org.spike2former.verify.compare.Row;
import org.spike2former.verify.compare.Section;

/** A section of the page: a chart, a table with a row for each tensor, maps of spikes. */
final class SectionHtml {
  private static final int MOST_FLIPS = 20;

  private SectionHtml() {}

  /** Adds a section, open if it holds the first difference or failed. */
  static void add(Html page, String folder, Section section, FirstDifference first) {
    boolean here = first != null && first.section().equals(section.title());
    page.tags(here || !section.pass() ? "<details open>" : "<details>");
    page.tags("<summary>").text(folder + ": " + section.title()).tags(" ");
    HtmlReport.verdict(page, section.pass());
    page.tags("</summary>\n");
    FirstDifference own = section.firstDifference();
    if (section.rows().stream().anyMatch(row -> row.maxRelError() > 0)) {
      chart(page, section, own);
    }
    table(page, section, own);
    maps(page, section);
    flips(page, section.flips());
    page.tags("</details>\n");
  }

  private static void chart(Html page, Section section, FirstDifference own) {
    page.tags("<figure>" + Pictures.errors(section, own == null ? null : own.row()));
    page.tags("<figcaption>Greatest error of each tensor, relative to its largest magnitude, in");
    page.tags(" the order of the table. Red line: tolerance; grey dashes: what rounding gives.");
    page.tags(" The small charts count errors by powers of ten; grey: elements without error.");
    page.tags("</figcaption></figure>\n");
  }

  private static void table(Html page, Section section, FirstDifference own) {
    page.tags("<table><tr><th><th class=\"text\">kind<th class=\"text\">name<th>elements");
    page.tags("<th>max abs<th>max rel");
    ErrorDetails.PERCENTS.forEach(percent -> page.tags("<th>").text(percent + " %"));
    page.tags("<th class=\"text\">errors, 1e-18 … 1<th>flipped<th>near ties");
    page.tags("<th class=\"text\">worst at, note</tr>\n");
    for (Row row : section.rows()) {
      page.tags(own != null && row == own.row() ? "<tr class=\"found\"><td>" : "<tr><td>");
      HtmlReport.verdict(page, row.pass());
      page.element("td", "text", row.kind().label()).element("td", "text", row.name());
      page.element("td", row.elements());
      page.element("td", ReportText.number(row.maxAbsError()));
      page.element("td", row.kind() == Kind.SPIKES ? "" : ReportText.number(row.maxRelError()));
      spread(page, row.details(), section.tolerance());
      page.element("td", row.flipped() == 0 ? "" : row.flipped());
      page.element("td", row.nearTies() == 0 ? "" : row.nearTies());
      page.tags("<td class=\"text\">");
      worst(page, row);
      page.tags("</tr>\n");
    }
    page.tags("</table>\n");
  }

  private static void spread(Html page, ErrorDetails details, double tolerance) {
    if (details == null || details.percentiles().isEmpty()) {
      page.tags("<td>".repeat(ErrorDetails.PERCENTS.size() + 1));
      return;
    }
    details.percentiles().forEach(value -> page.element("td", ReportText.number(value)));
    page.tags("<td class=\"text\">" + Pictures.histogram(details, tolerance));
  }

  private static void worst(Html page, Row row) {
    String summary = (ReportText.coordinates(row.worst()) + " " + row.note()).strip();
    ErrorDetails details = row.details();
    if (details == null || details.worst().isEmpty()) {
      page.text(summary);
      return;
    }
    page.tags("<details><summary>").text(summary).tags("</summary><table>");
    page.tags("<tr><th class=\"text\">at<th>recorded<th>computed<th>difference</tr>");
    for (ErrorDetails.Element element : details.worst()) {
      page.tags("<tr>").element("td", "text", ReportText.coordinates(element.at()));
      page.element("td", element.recorded()).element("td", element.computed());
      page.element("td", ReportText.number(element.computed() - element.recorded()));
      page.tags("</tr>");
    }
    page.tags("</table>");
    if (details.sampled() > 0 && details.sampled() < row.elements()) {
      page.text("Percentiles and histogram are of " + details.sampled() + " sampled elements.");
    }
    page.tags("</details>");
  }

  private static void maps(Html page, Section section) {
    List<Row> rows =
        section.rows().stream()
            .filter(row -> row.details() != null && row.details().map() != null)
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    page.element("h3", "Where spikes differ").tags("<div class=\"maps\">\n");
    for (Row row : rows) {
      page.tags("<figure>" + Pictures.map(row.details().map()) + "<figcaption>");
      page.element("b", row.name()).tags("<br>");
      page.text(row.flipped() + " of " + row.elements() + " spikes, " + row.details().map().axes());
      page.text(", at most " + row.details().map().most() + " in a cell");
      page.tags("</figcaption></figure>\n");
    }
    page.tags("</div>\n");
  }

  private static void flips(Html page, List<Flip> flips) {
    if (flips.isEmpty()) {
      return;
    }
    page.tags("<table><tr><th class=\"text\">neuron layer<th class=\"text\">at<th>recorded");
    page.tags("<th>computed<th>potential<th class=\"text\">near tie</tr>\n");
    for (Flip flip : flips.subList(0, Math.min(MOST_FLIPS, flips.size()))) {
      page.tags("<tr>").element("td", "text", flip.neuron());
      page.element("td", "text", ReportText.coordinates(flip.at()));
      page.element("td", flip.recorded()).element("td", flip.computed());
      page.element("td", flip.potential() == null ? "unknown" : flip.potential());
      page.element("td", "text", flip.isNearTie() ? "yes" : "").tags("</tr>\n");
    }
    page.tags("</table>\n");
    if (flips.size() > MOST_FLIPS) {
      page.element("p", "and " + (flips.size() - MOST_FLIPS) + " more listed in the JSON report");
    }
  }
}
