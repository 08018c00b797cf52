package org.spike2former.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarHomeTest {
  @TempDir private Path folder;

  private Path jar(String name, String... entries) throws IOException {
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write((name + entry).getBytes());
      }
    }
    return jar;
  }

  @Test
  void itIsUnpackedOnceForEachContent() throws IOException {
    Path cache = folder.resolve("cache");
    Path first = jar("a.jar", "home/models/m/model.json", "other/x.txt");
    Path home = JarHome.of(first, cache);
    assertThat(home.resolve("models/m/model.json")).hasContent("a.jarhome/models/m/model.json");
    Files.createFile(home.resolve("mark"));
    assertThat(JarHome.of(first, cache)).isEqualTo(home);
    assertThat(home.resolve("mark")).exists();
    Path other = JarHome.of(jar("b.jar", "home/models/m/model.json"), cache);
    assertThat(other).isNotEqualTo(home).isDirectoryContaining("glob:**/models");
    try (Stream<Path> all = Files.list(cache.resolve("spike2former"))) {
      assertThat(all).containsExactlyInAnyOrder(home, other);
    }
  }

  @Test
  void withoutACacheATemporaryFolderServes() throws IOException {
    Path file = Files.createFile(folder.resolve("a file"));
    Path home = JarHome.of(jar("a.jar", "home/model.json"), file);
    assertThat(home.resolve("model.json")).exists();
    assertThat(home.startsWith(file)).isFalse();
  }

  @Test
  void anEntryMustStayInItsFolder() throws IOException {
    Path jar = jar("a.jar", "home/../../model.json");
    assertThatThrownBy(() -> JarHome.of(jar, folder.resolve("cache")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("home/../../model.json leads out of its folder");
  }
}
