package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tensor.Tensor;

class SafetensorsWriterTest {
  private static final Tensor A = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
  private static final Tensor B = Tensor.of(new float[] {-1, 0.5f}, 2);
  private static final Tensor C = Tensor.spikes(new byte[] {0, 1, 2}, 0.25, 3, 1);

  @TempDir private Path folder;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void bytesAreThoseOfWritingAllAtOnce() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Path whole = folder.resolve("y.safetensors");
    try (SafetensorsWriter writer = new SafetensorsWriter(file)) {
      writer.add("a", A);
      writer.add("b", B);
      writer.add("c", C);
      writer.finish();
    }
    Safetensors.write(whole, Map.of("a", A, "b", B, "c", C), Map.of());
    assertThat(file).hasSameBinaryContentAs(whole);
    assertThat(files()).containsExactlyInAnyOrder(file, whole);
  }

  @Test
  void tensorsKeepTheirOrder() throws IOException {
    Path file = folder.resolve("x.safetensors");
    try (SafetensorsWriter writer = new SafetensorsWriter(file)) {
      writer.add("z", B);
      writer.add("a", B);
      writer.finish();
    }
    try (TensorArchive archive = TensorFiles.open(file)) {
      assertThat(archive.names()).containsExactly("z", "a");
      assertThat(archive.read("a").bitEquals(B)).isTrue();
    }
  }

  @Test
  void withoutTheEndNothingIsLeft() throws IOException {
    try (SafetensorsWriter writer = new SafetensorsWriter(folder.resolve("x.safetensors"))) {
      writer.add("a", A);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void aNameTwiceIsRefused() throws IOException {
    try (SafetensorsWriter writer = new SafetensorsWriter(folder.resolve("x.safetensors"))) {
      writer.add("a", A);
      assertThatThrownBy(() -> writer.add("a", B))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has a already");
    }
  }
}
