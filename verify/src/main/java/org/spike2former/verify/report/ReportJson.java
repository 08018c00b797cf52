package org.spike2former.verify.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.List;
import org.spike2former.verify.ParityReport;

/** Renders a report as JSON, with every row. Numbers that are not finite become strings. */
public final class ReportJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ReportJson() {}

  /** A report. */
  public static String render(ParityReport report) {
    return write(report);
  }

  /** An array of reports. */
  public static String render(List<ParityReport> reports) {
    return write(reports);
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
