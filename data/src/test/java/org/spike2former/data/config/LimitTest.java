package org.spike2former.data.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTest {
  private static final String PROPERTY = "s2f.max-config-values";

  @TempDir private Path folder;

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void aPropertySetsIt() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "a: 1\nb: 2\n");
    assertThat(ConfigTree.readYaml(file).root()).hasSize(2);
    System.setProperty(PROPERTY, "3");
    assertThatThrownBy(() -> ConfigTree.readYaml(file))
        .hasMessage(file + ": more than 3 keys and values (-Ds2f.max-config-values)");
  }

  /** Rather than that the usual limit holds in silence. */
  @ParameterizedTest
  @ValueSource(strings = {"", "many", "0", "-1", "1e6", "10k", "9223372036854775808"})
  void whatIsNoLimitIsRefusedByName(String value) throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "a: 1\n");
    System.setProperty(PROPERTY, value);
    assertThatThrownBy(() -> ConfigTree.readYaml(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Ds2f.max-config-values=" + value + ": expected a positive integer");
  }
}
