package org.spike2former.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void aVersionIsOneLine() {
    assertThat(InProcess.run("--version").out().lines())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("s2f ");
    assertThat(InProcess.run("-V").out().lines()).hasSize(1);
  }

  @Test
  void withDetailsItSaysWhatComputes() {
    for (List<String> words : List.of(List.of("--version", "-v"), List.of("-v", "--version"))) {
      InProcess.Run run = InProcess.run(words.toArray());
      assertThat(run.code()).isZero();
      assertThat(run.out().lines().skip(1).map(line -> line.split(" ")[0]))
          .containsExactly("build", "java", "system", "processor", "vectors", "backend");
      assertThat(run.out())
          .containsPattern("build +([0-9a-f]{12}( with changes)?|unknown), \\d{4}-\\d\\d-\\d\\dT")
          .contains(System.getProperty("java.runtime.version"))
          .containsPattern("vectors +\\d{3} bits\n")
          .containsPattern("backend +vector \\d{3}, f32, \\d+ threads?\n?");
    }
  }
}
