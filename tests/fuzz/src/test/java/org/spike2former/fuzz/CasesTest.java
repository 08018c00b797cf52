package org.spike2former.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.fuzz.mutation.Mutation;

/**
 * Feeds every reader with its seeds, with inputs that once were findings, and with a number of
 * mutations of seeds that is the same every time; {@code -Ds2f.fuzz.cases=N} takes another number.
 */
class CasesTest {
  private static final int CASES = Integer.getInteger("s2f.fuzz.cases", 60);
  private static final Path REGRESSIONS = Path.of("src/test/resources/regressions");

  @TempDir private Path folder;

  private static List<Target> targets() {
    return Targets.all();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void seeds(Target target) throws IOException {
    Bounds bounds = new Bounds(target, folder);
    List<IOException> refusals = new ArrayList<>();
    for (byte[] seed : target.seeds()) {
      refusals.add(bounds.check(seed));
    }
    assertThat(refusals).as("null where a seed is accepted").containsNull();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void formerFindings(Target target) throws IOException {
    Path inputs = REGRESSIONS.resolve(target.name());
    assumeTrue(Files.isDirectory(inputs));
    Bounds bounds = new Bounds(target, folder);
    try (Stream<Path> files = Files.list(inputs)) {
      for (Path file : files.sorted().toList()) {
        bounds.check(Files.readAllBytes(file));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void mutations(Target target) throws IOException {
    Bounds bounds = new Bounds(target, folder);
    for (int n = 0; n < CASES; n++) {
      SplittableRandom random = new SplittableRandom(n);
      byte[] seed = target.seeds().get(random.nextInt(target.seeds().size()));
      bounds.check(Mutation.some(seed, target.mutations(), random));
    }
  }

  /** The input {@code -Ds2f.fuzz.input} to {@code -Ds2f.fuzz.target} alone. */
  @Test
  void again() throws IOException {
    String input = System.getProperty("s2f.fuzz.input");
    assumeTrue(input != null);
    Target target = Targets.named(System.getProperty("s2f.fuzz.target"));
    new Bounds(target, folder).check(Files.readAllBytes(Path.of(input)));
  }
}
