package org.spike2former.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** A fault of a reader; the input that shows it is kept in {@code target/findings}. */
final class Finding extends AssertionError {
  private static final long serialVersionUID = 1L;
  private static final Path FOLDER =
      Path.of(System.getProperty("s2f.root", "../..")).resolve("tests/fuzz/target/findings");

  /** Keeps the input. */
  Finding(Target target, byte[] input, String problem, Throwable cause) {
    super(message(target, input, problem), cause);
  }

  private static String message(Target target, byte[] input, String problem) {
    String hash = HexFormat.of().toHexDigits(Arrays.hashCode(input));
    Path file = FOLDER.resolve(target.name() + "-" + hash).toAbsolutePath().normalize();
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return String.format(
        Locale.ROOT,
        "%s: %s%nagain: mvn -pl tests/fuzz -am test -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dtest=CasesTest#again -Ds2f.fuzz.target=%1$s -Ds2f.fuzz.input=%s%nonce it is"
            + " mended, the input goes to tests/fuzz/src/test/resources/regressions/%1$s",
        target,
        problem,
        file);
  }
}
