package org.spike2former.verify.report;

import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

/** Renders reports as JUnit XML: a suite for each section, a case for each tensor. */
public final class JUnitXml {
  private JUnitXml() {}

  /** The document. */
  public static String render(List<ParityReport> reports) {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      List<Section> sections = reports.stream().flatMap(r -> r.sections().stream()).toList();
      xml.writeStartElement("testsuites");
      counts(xml, "parity", sections.stream().mapToLong(s -> s.rows().size()).sum(), sections);
      for (ParityReport report : reports) {
        for (Section section : report.sections()) {
          suite(xml, report.folder(), section);
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

  private static void suite(XMLStreamWriter xml, String folder, Section section)
      throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    counts(xml, folder + ": " + section.title(), section.rows().size(), List.of(section));
    for (TensorComparison row : section.rows()) {
      xml.writeCharacters("\n");
      xml.writeStartElement("testcase");
      attribute(xml, "classname", folder + "." + section.title());
      attribute(xml, "name", row.name() + " (" + row.kind().label() + ")");
      if (!row.pass()) {
        xml.writeStartElement("failure");
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
