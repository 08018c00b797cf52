package org.spike2former.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that name files for reports, and the writing of those. */
public final class ReportFiles {
  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with verdict, first difference, errors and where spikes differ.")
  private Path html;

  @Option(names = "--junit", paramLabel = "FILE.xml", description = "Write JUnit XML.")
  private Path junit;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private Instant begun;

  /** Whether a page is wanted, and so what only a page shows. */
  public boolean hasPage() {
    return html != null;
  }

  /**
   * Checks that what was asked for can be written, before the work is done, whose time counts from
   * now.
   *
   * @throws IOException naming a file that is a folder, or in none
   */
  public void require() throws IOException {
    begun = Instant.now();
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

  /** Writes what was asked for. */
  public void write(String title, List<ParityReport> reports) throws IOException {
    if (html != null) {
      String version = spec.root().version()[0];
      List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
      Environment environment = Environment.here(version, "s2f " + String.join(" ", arguments));
      write(html, HtmlReport.render(title, environment, reports));
    }
    if (junit != null) {
      write(junit, junit(reports));
    }
  }

  private String junit(List<ParityReport> reports) {
    double seconds = Duration.between(begun, Instant.now()).toNanos() / 1e9;
    return JUnitXml.render(reports, LocalDateTime.ofInstant(begun, ZoneOffset.UTC), seconds);
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, text);
  }
}
