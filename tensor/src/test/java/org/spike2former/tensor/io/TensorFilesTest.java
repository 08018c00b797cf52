package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFilesTest {
  @TempDir Path folder;

  @Test
  void looksAtTheContentNotTheName() throws IOException {
    Path first = Files.copy(resource("types.safetensors"), folder.resolve("a.pth"));
    Path second = Files.copy(resource("types.pth"), folder.resolve("a.safetensors"));
    try (TensorArchive safetensors = TensorFiles.open(first);
        TensorArchive checkpoint = TensorFiles.open(second)) {
      assertThat(safetensors).isInstanceOf(Safetensors.class);
      assertThat(checkpoint).isInstanceOf(PyTorchCheckpoint.class);
      assertThat(safetensors.path()).isEqualTo(first);
      assertThat(checkpoint.names()).containsExactlyInAnyOrderElementsOf(safetensors.names());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "legacy.pth, before 1.6",
    "bare.pkl, bare pickle",
    "f4.npy, an array of numpy",
    "make_resources.py, found text",
  })
  void saysWhatAnotherFileIs(String name, String saying) {
    Path file = resource(name);
    assertRefused(file, saying, () -> TensorFiles.open(file));
    assertRefused(file, saying, () -> PyTorchCheckpoint.open(file));
  }

  @Test
  void saysWhatIsWrongWithAPath() throws IOException {
    assertRefused(folder, "is a folder", () -> TensorFiles.open(folder));
    Path missing = folder.resolve("missing.pth");
    assertRefused(missing, "no such file", () -> TensorFiles.open(missing));
    Path empty = Files.createFile(folder.resolve("empty.pth"));
    assertRefused(empty, "is empty", () -> TensorFiles.open(empty));
    Path zero = Path.of("/dev/zero");
    if (Files.exists(zero)) {
      assertRefused(zero, "not a regular file", () -> TensorFiles.open(zero));
    }
  }

  @Test
  void saysWhatOtherContentIs() throws IOException {
    assertContent("an image", 0x89, 'P', 'N', 'G', '\r', '\n');
    assertContent("an image", 0xff, 0xd8, 0xff, 0xe0);
    assertContent("bytes 00 01 02", 0, 1, 2);
    Path pointer = Files.writeString(folder.resolve("p"), "version https://git-lfs.github.com/s");
    assertRefused(pointer, "Git LFS pointer", () -> TensorFiles.open(pointer));
  }

  private void assertContent(String saying, int... content) throws IOException {
    byte[] bytes = new byte[content.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) content[i];
    }
    Path file = Files.write(folder.resolve("content"), bytes);
    assertRefused(file, saying, () -> TensorFiles.open(file));
  }
}
