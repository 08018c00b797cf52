package org.spike2former.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.report.Environment;
import org.spike2former.verify.report.HtmlReport;
import org.spike2former.verify.report.JUnitXml;
import picocli.CommandLine.Model.CommandSpec;

/** Writes reports to the files that were asked for. */
final class ReportFiles {
  private ReportFiles() {}

  /** Writes those of the two that are not null. */
  static void write(
      String title, List<ParityReport> reports, Path html, Path junit, CommandSpec spec)
      throws IOException {
    if (html != null) {
      String version = spec.root().version()[0];
      List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
      Environment environment = Environment.here(version, "s2f " + String.join(" ", arguments));
      write(html, HtmlReport.render(title, environment, reports));
    }
    if (junit != null) {
      write(junit, JUnitXml.render(reports));
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
