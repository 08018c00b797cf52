package org.spike2former.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Function;
import org.spike2former.cli.console.Processor;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What {@code s2f --version} prints: the jar's version; with {@code -v} also the build and what
 * computes, as a report of a fault should have them.
 */
final class Version implements CommandLine.IVersionProvider {
  /** The build writes it. */
  private static final String BUILD = "build.properties";

  private record Line(String name, String value) {}

  @Spec private CommandSpec command;

  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    String first = "s2f " + (version == null ? "(unpackaged)" : version);
    if (!((Main) command.root().userObject()).isVerbose()) {
      return new String[] {first};
    }
    List<Line> lines =
        List.of(
            new Line("build", build()),
            new Line("java", java(System::getProperty)),
            new Line(
                "system", System.getProperty("os.name") + " " + System.getProperty("os.version")),
            new Line("processor", Processor.here().toString()),
            new Line("vectors", vectors()),
            new Line("backend", backend()));
    Table<Line> table =
        Table.of(lines, Column.left("", 10, Line::name), Column.left("", Line::value));
    return new String[] {first, table.text().stripTrailing()};
  }

  private static String build() {
    try (InputStream in = Version.class.getResourceAsStream(BUILD)) {
      if (in == null) {
        return "unknown";
      }
      Properties build = new Properties();
      build.load(in);
      return build.getProperty("commit") + ", " + build.getProperty("time");
    } catch (IOException e) {
      throw new UncheckedIOException(BUILD, e);
    }
  }

  private static String java(Function<String, String> property) {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s",
        property.apply("java.runtime.version"),
        property.apply("java.vendor"),
        property.apply("java.vm.name"));
  }

  private static String vectors() {
    int bits = Backends.vectorBits();
    return bits == 0 ? "none: module jdk.incubator.vector is not there" : bits + " bits";
  }

  private static String backend() {
    try (Workers workers = new Workers(Runtime.getRuntime().availableProcessors())) {
      return Backends.create(Backend.AUTO, Precision.F32, workers).describe();
    }
  }
}
