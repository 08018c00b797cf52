package org.spike2former.verify.report;

import static java.time.format.DateTimeFormatter.ISO_LOCAL_DATE_TIME;

import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

/**
 * Renders reports as JUnit XML: a suite for each section, a case for each tensor. Comparisons are
 * not timed one by one; each has an equal part of the time of all.
 */
public final class JUnitXml {
  private JUnitXml() {}

  /**
   * The document.
   *
   * @param at when the comparison began, in UTC
   * @param seconds that it took
   */
  public static String render(List<ParityReport> reports, LocalDateTime at, double seconds) {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      List<Section> sections = reports.stream().flatMap(r -> r.sections().stream()).toList();
      xml.writeStartElement("testsuites");
      long rows = sections.stream().mapToLong(s -> s.rows().size()).sum();
      counts(xml, "parity", rows, sections);
      time(xml, seconds);
      for (ParityReport report : reports) {
        for (Section section : report.sections()) {
          suite(xml, report, section, at, seconds * section.rows().size() / Math.max(1, rows));
        }
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return out.append('\n').toString();
  }

  private static void counts(XMLStreamWriter xml, String name, long tests, List<Section> sections)
      throws XMLStreamException {
    attribute(xml, "name", name);
    attribute(xml, "tests", String.valueOf(tests));
    long failures = sections.stream().mapToLong(Section::failures).sum();
    attribute(xml, "failures", String.valueOf(failures));
    attribute(xml, "errors", "0");
  }

  private static void time(XMLStreamWriter xml, double seconds) throws XMLStreamException {
    attribute(xml, "time", String.format(Locale.ROOT, "%.3f", seconds));
  }

  /** The name of a folder and of a section in the form of a class: without its path. */
  private static String className(String folder, Section section) {
    return Stream.of(folder.split(" and "))
            .map(path -> path.replaceAll("[/\\\\]+$", "").replaceAll(".*[/\\\\]", ""))
            .map(JUnitXml::word)
            .collect(Collectors.joining("-and-"))
        + "."
        + word(section.title());
  }

  private static String word(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}_-]+", "_");
  }

  private static void suite(
      XMLStreamWriter xml, ParityReport report, Section section, LocalDateTime at, double seconds)
      throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    String name = report.folder() + ": " + section.title();
    counts(xml, name, section.rows().size(), List.of(section));
    time(xml, seconds);
    attribute(xml, "timestamp", at.truncatedTo(ChronoUnit.SECONDS).format(ISO_LOCAL_DATE_TIME));
    for (TensorComparison row : section.rows()) {
      xml.writeCharacters("\n");
      xml.writeStartElement("testcase");
      attribute(xml, "classname", className(report.folder(), section));
      attribute(xml, "name", row.name() + " (" + row.kind().label() + ")");
      time(xml, seconds / section.rows().size());
      if (!row.pass()) {
        xml.writeStartElement("failure");
        attribute(xml, "type", row.kind().label());
        attribute(xml, "message", message(row, section));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static String message(TensorComparison row, Section section) {
    StringBuilder out = new StringBuilder(row.note());
    if (row.maxAbsError() != 0 && row.flipped() == 0) {
      out.append(out.isEmpty() ? "" : "; ").append("relative error ");
      out.append(ReportText.number(row.maxRelError())).append(", absolute ");
      out.append(ReportText.number(row.maxAbsError())).append(", tolerance ");
      out.append(ReportText.number(section.tolerance()));
    }
    if (!row.worst().isEmpty()) {
      out.append(" at ").append(ReportText.coordinates(row.worst()));
    }
    return out.toString().strip();
  }

  /** Names come from files; what XML cannot hold becomes a question mark. */
  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(
        name, value.replaceAll("[^\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?"));
  }
}
