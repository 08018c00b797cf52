package org.spike2former.verify.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.io.FormatException;

class TolerancesTest {
  @TempDir private Path folder;

  @Test
  void profilesGoByTheirNames() throws IOException {
    assertThat(Tolerances.of("strict")).isSameAs(Tolerances.STRICT);
    assertThat(Tolerances.of("loose")).isSameAs(Tolerances.LOOSE);
    assertThat(Tolerances.of("default"))
        .isEqualTo(new Tolerances("default", 1e-9, 1e-5, 1e-5, 1e-8, 1e-4));
  }

  @Test
  void whatAFileLeavesOutIsTheDefaults() throws IOException {
    Path file = Files.writeString(folder.resolve("own.json"), "{\"f32\": 1e-4, \"near_tie\": 0}");
    assertThat(Tolerances.of(file.toString()))
        .isEqualTo(new Tolerances(file.toString(), 1e-9, 1e-4, 0, 1e-8, 1e-4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"f23\": 1}", "{\"f32\": \"x\"}", "{\"f32\": null}", "[]", "{", ""})
  void filesThatAreNotAsTheyShouldBeAreNamed(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), content);
    assertThatThrownBy(() -> Tolerances.of(file.toString()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageNotContaining("org.spike2former");
  }

  @Test
  void limitsAreNotNegative() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), "{\"f64\": -1}");
    assertThatThrownBy(() -> Tolerances.of(file.toString()))
        .hasMessageContaining("f64: expected a number from 0 to 1, found -1");
  }

  @Test
  void anotherNameIsRefused() {
    assertThatThrownBy(() -> Tolerances.of("lax"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("lax")
        .hasMessageContaining("strict, default or loose");
  }

  @Test
  void theNearnessOfTiesCounts() {
    assertThat(new Flip("n", java.util.List.of(0), 3, 4, 3.5001, 1e-3).isNearTie()).isTrue();
    assertThat(new Flip("n", java.util.List.of(0), 3, 4, 3.5001, 1e-5).isNearTie()).isFalse();
  }
}
