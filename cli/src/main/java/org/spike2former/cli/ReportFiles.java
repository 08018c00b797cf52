package org.spike2former.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.report.Environment;
import org.spike2former.verify.report.HtmlReport;
import org.spike2former.verify.report.JUnitXml;
import picocli.CommandLine.Model.CommandSpec;

/** Writes reports to the files that were asked for. */
final class ReportFiles {
  private ReportFiles() {}

  /**
   * Checks that those of the two that are not null can be written, before the work is done.
   *
   * @throws IOException naming one that is a folder, or in none
   */
  static void require(Path html, Path junit) throws IOException {
    for (Path file : Stream.of(html, junit).filter(Objects::nonNull).toList()) {
      Path folder = file.toAbsolutePath().getParent();
      if (Files.isDirectory(file)) {
        throw new FormatException(file, "is a folder, so no file can be written there");
      }
      if (!Files.isDirectory(folder)) {
        throw new FormatException(file, "its folder does not exist");
      }
    }
  }

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
