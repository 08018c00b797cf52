package org.spike2former.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One command leaves nothing to the next. */
class InProcessTest {
  private static final Path MODEL = InProcess.ROOT.resolve("models/camvid-small");
  private static final Path STREET = InProcess.ROOT.resolve("samples/street.jpg");

  @TempDir private Path folder;

  @Test
  void aRunLeavesTheProcessAsItWas() {
    Properties properties = (Properties) System.getProperties().clone();
    Locale locale = Locale.getDefault();
    PrintStream out = System.out;
    PrintStream err = System.err;

    InProcess.Run run =
        InProcess.run("segment", STREET, "-m", MODEL, "-o", folder, "--vector-bits", "128", "-v");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("street.jpg");
    assertThat(System.getProperties()).isEqualTo(properties);
    assertThat(Locale.getDefault()).isEqualTo(locale);
    assertThat(System.out).isSameAs(out);
    assertThat(System.err).isSameAs(err);
  }

  @Test
  void evenWhenItEndsInAnError() {
    Properties properties = (Properties) System.getProperties().clone();
    PrintStream out = System.out;
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    assertThat(InProcess.runInto(full, "info", MODEL).code()).isEqualTo(2);
    assertThat(System.getProperties()).isEqualTo(properties);
    assertThat(System.out).isSameAs(out);
  }

  /** Whoever made the first logger, and whether or not with {@code -v}. */
  @Test
  void loggersAreThoseOfARunWithoutDetails() {
    InProcess.Run verbose = InProcess.run("-v", "info", MODEL);
    assertThat(verbose.code()).isZero();
    InProcess.Run run = InProcess.run("segment", STREET, "-m", MODEL, "-o", folder);
    assertThat(run.errorLines()).isEmpty();
  }
}
