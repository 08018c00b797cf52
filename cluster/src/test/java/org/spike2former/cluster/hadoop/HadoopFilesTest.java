package org.spike2former.cluster.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.data.ClassTable;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;

/** Hadoop's own reader of local files stands for all others. */
class HadoopFilesTest {
  private static final List<String> NAMES = List.of("dusk", "street");

  @TempDir private Path folder;
  private Path remote;

  @BeforeEach
  void write() throws IOException {
    for (String name : NAMES) {
      Path photo = InProcess.ROOT.resolve("samples/" + name + ".jpg");
      Path images = Files.createDirectories(folder.resolve("a set/images/test"));
      Files.copy(photo, images.resolve(name + " 1.jpg"));
      Path labels = Files.createDirectories(folder.resolve("a set/labels/test"));
      Files.copy(photo, labels.resolve(name + " 1.png"));
    }
    remote = new HadoopFiles().path("file", "", folder.resolve("a set").toString());
  }

  @Test
  void dataSetsAreListedAndReadAsLocalOnes() throws IOException {
    Dataset there = dataset(remote);
    Dataset here = dataset(folder.resolve("a set"));
    assertThat(there.size()).isEqualTo(NAMES.size());
    for (int i = 0; i < here.size(); i++) {
      Path image = there.entry(i).image();
      assertThat(image).hasToString("file://" + here.entry(i).image());
      assertThat(Files.readAllBytes(image)).isEqualTo(Files.readAllBytes(here.entry(i).image()));
      assertThat(Files.size(image)).isEqualTo(Files.size(here.entry(i).image()));
    }
  }

  private static Dataset dataset(Path root) throws IOException {
    return DataConfig.ofFolder(root, ClassTable.of(List.of("a", "b"))).dataset("test");
  }

  @Test
  void namesComeToWhatLocalOnesComeTo() {
    Path file = remote.resolve("images").resolve(Path.of("test/x.jpg"));
    assertThat(file).hasToString("file://" + folder.resolve("a set/images/test/x.jpg"));
    assertThat(remote.relativize(file)).hasToString("images/test/x.jpg");
    assertThat(file.getFileName()).hasToString("x.jpg");
    assertThat(file.startsWith(remote)).isTrue();
    assertThat(file.resolveSibling("../y.jpg").normalize())
        .isEqualTo(remote.resolve("images/y.jpg"));
  }

  @Test
  void whatIsMissingOrWrittenIsRefused() throws IOException {
    Path none = remote.resolve("none.jpg");
    assertThat(Files.exists(none)).isFalse();
    assertThatThrownBy(() -> Files.readAllBytes(none))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(none.toString());
    assertThatThrownBy(() -> Files.delete(remote.resolve("images")))
        .isInstanceOf(ReadOnlyFileSystemException.class);
    try (Stream<Path> files = Files.list(remote)) {
      assertThat(files).hasSize(2);
    }
  }
}
