package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.io.torch.PyTorchCheckpoint;

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
    assertRefused(folder, "not a model folder", () -> TensorFiles.open(folder));
    assertRefused(folder, "is a folder", () -> PyTorchCheckpoint.open(folder));
    Path missing = folder.resolve("missing.pth");
    assertRefused(missing, "no such file", () -> TensorFiles.open(missing));
    Path empty = Files.createFile(folder.resolve("empty.pth"));
    assertRefused(empty, "is empty", () -> TensorFiles.open(empty));
    Path zero = Path.of("/dev/zero");
    if (Files.exists(zero)) {
      assertRefused(zero, "not a regular file", () -> TensorFiles.open(zero));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "\u0089PNG\r~|an image",
        "\u00ff\u00d8\u00ff\u00e0|an image",
        "\0\1\2|bytes 00 01 02",
        "7z\u00bc\u00af'\34|a 7z archive; unpack it",
        "\37\u008b\10\0|compressed with gzip; unpack it",
        "BZh9|compressed with bzip2",
        "\u00fd7zXZ\0|compressed with xz",
        "(\u00b5/\u00fd|compressed with zstd",
        "Rar!\32\7\1|a RAR archive",
        "\u0089HDF~|an HDF5 file (Keras, h5py); load it with",
        "GGUF\3\0\0\0|a GGUF model",
        "\34\0\0\0TFL3|a TensorFlow Lite model",
        "\10\7\22\7pytorch|an ONNX model or another protocol buffer; give the checkpoint",
        "\u0080\4}.|a bare pickle, not a checkpoint of torch.save; if",
        "<!DOCTYPE html><html>|a web page, not the file",
        "  <html lang='en'>|a web page",
        "<?xml version='1.0'?><Error>|XML, as of a server's refusal ('<?xml",
        "{\"error\": \"not found\"}|JSON text, as of a server's refusal or a configuration ('{",
        "Entry not found|text ('Entry not found'), as of a configuration or a failed download",
        "version https://git-lfs.github.com/spec/v1|Git LFS pointer, the file itself was not",
        "model_checkpoint_path: 'a'|a part of a TensorFlow checkpoint",
        "\0\0\0\0\0\0\0\0\0\0|nothing but zeros",
        "h\u00c3\u00a4|text ('h\u00e4')",
      })
  void saysWhatOtherContentIs(String content, String saying) throws IOException {
    byte[] bytes = TestFiles.pickle(content.replace("~", "\r\n\32\n"));
    Path file = Files.write(folder.resolve("content.pth"), bytes);
    assertRefused(file, saying, () -> TensorFiles.open(file));
  }

  @Test
  void knowsSomeFilesFromFurtherBytesOrTheirNames() throws IOException {
    byte[] tar = new byte[600];
    tar[0] = 'a';
    System.arraycopy(TestFiles.pickle("ustar"), 0, tar, 257, 5);
    Path archive = Files.write(folder.resolve("a.pth"), tar);
    assertRefused(archive, "a tar archive; unpack it", () -> TensorFiles.open(archive));
    Path part = Files.write(folder.resolve("a.data-00000-of-00001"), new byte[] {1, 0, 2});
    assertRefused(part, "a part of a TensorFlow checkpoint", () -> TensorFiles.open(part));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "readme.txt|is a zip archive without data.pkl, not a checkpoint",
        "models/a.pth,__MACOSX/b.pth|is a zip archive with models/a.pth; unpack it",
        "a.npy,b.npy|arrays of numpy (.npz); save them as safetensors",
        "config.json,model.weights.h5|a Keras model",
        "m/data.pkl,m/constants.pkl,m/code/x.py|torch.save(torch.jit.load(FILE).state_dict()",
        "m/archive_format,m/models/model.json|a program of torch.export; save its state dict",
      })
  void saysWhatAnotherZipArchiveIs(String names, String saying) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String name : names.split(",")) {
      entries.put(name, new byte[] {1});
    }
    Path file = TestFiles.zip(folder, entries, ZipEntry.DEFLATED);
    assertRefused(file, saying, () -> TensorFiles.open(file));
  }
}
