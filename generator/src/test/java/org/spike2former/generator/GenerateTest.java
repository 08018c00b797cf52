package org.spike2former.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(0);

  @TempDir private Path folder;
  private Path sources;
  private Path twins;

  @BeforeEach
  void writeSources() throws IOException {
    sources = Files.createDirectories(folder.resolve("sources"));
    twins = folder.resolve("twins");
    write("a/KernelF32.java", "class KernelF32 {}\n");
    write("a/b/SumF32.java", "class SumF32 { float x; }\n");
    write("a/Plain.java", "class Plain { float x; }\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = sources.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> generate() throws IOException {
    return Generate.twins(new Float64Twin(), sources, twins);
  }

  private List<String> written() throws IOException {
    try (var files = Files.walk(twins)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> twins.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void writesATwinWithAHeaderForEveryClassThatHasOne() throws IOException {
    assertThat(generate()).isEmpty();
    assertThat(written()).containsExactly("a/KernelF64.java", "a/b/SumF64.java");
    assertThat(twins.resolve("a/b/SumF64.java"))
        .hasContent(
            """
            // Generated from SumF32.java by org.spike2former.generator.Generate; do not edit.
            @SuppressWarnings("cast")
            class SumF64 { double x; }
            """);
  }

  @Test
  void touchesOnlyWhatChanged() throws IOException {
    generate();
    for (String name : written()) {
      Files.setLastModifiedTime(twins.resolve(name), LONG_AGO);
    }
    write("a/KernelF32.java", "final class KernelF32 {}\n");
    generate();
    assertThat(Files.getLastModifiedTime(twins.resolve("a/b/SumF64.java"))).isEqualTo(LONG_AGO);
    assertThat(twins.resolve("a/KernelF64.java")).content().contains("final class KernelF64 {}");
  }

  @Test
  void deletesTwinsWhoseSourceHasGone() throws IOException {
    generate();
    Files.delete(sources.resolve("a/KernelF32.java"));
    write("c/KernelF32.java", "class KernelF32 {}\n");
    generate();
    assertThat(written()).containsExactly("a/b/SumF64.java", "c/KernelF64.java");
  }

  @Test
  void saysFileAndLineOfWhatItDoesNotKnow() throws IOException {
    generate();
    write("a/b/SumF32.java", "class SumF32 {\n  Float16 x;\n}\n");
    assertThat(generate())
        .containsExactly(
            sources.resolve("a/b/SumF32.java")
                + ":2: no twin is known of Float16;"
                + " put what depends on the width into a class of its own");
    assertThat(written()).containsExactly("a/KernelF64.java");
  }
}
