package org.spike2former.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.resource;
import static org.spike2former.tensor.io.TestFiles.unzip;
import static org.spike2former.tensor.io.TestFiles.zip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.tensor.io.TensorFiles;

class PyTorchCheckpointTest {
  @TempDir Path folder;

  /** The safetensors files were written from the same tensors by the safetensors package. */
  private static void assertSame(Path checkpoint, String safetensors) throws IOException {
    try (PyTorchCheckpoint found = PyTorchCheckpoint.open(checkpoint);
        Safetensors expected = Safetensors.open(resource(safetensors))) {
      assertThat(found.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String name : expected.names()) {
        assertThat(found.type(name)).as(name).isEqualTo(expected.type(name));
        assertThat(found.shape(name)).as(name).isEqualTo(expected.shape(name));
        assertThat(found.read(name).bitEquals(expected.read(name))).as(name).isTrue();
        if (found.type(name).bytes() == 1) {
          assertThat(found.readBytes(name)).as(name).isEqualTo(expected.readBytes(name));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "_protocol3", "_protocol4", "_protocol5", "_deflated", "_no_checksum"})
  void readsEveryElementType(String variant) throws IOException {
    assertSame(resource("types" + variant + ".pth"), "types.safetensors");
  }

  @Test
  void readsViewsOfSharedStorages() throws IOException {
    assertSame(resource("views.pth"), "views.safetensors");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 5})
  void readsCheckpointsOfMmengine(int protocol) throws IOException {
    assertSame(resource("mmengine_protocol" + protocol + ".pth"), "mmengine.safetensors");
  }

  @Test
  void keepsTheOrderOfTheStateDict() throws IOException {
    try (PyTorchCheckpoint file = PyTorchCheckpoint.open(resource("mmengine_protocol2.pth"))) {
      assertThat(file.names())
          .containsExactly(
              "0.weight",
              "0.bias",
              "1.weight",
              "1.bias",
              "1.running_mean",
              "1.running_var",
              "1.num_batches_tracked");
    }
    try (PyTorchCheckpoint file = PyTorchCheckpoint.open(resource("types.pth"))) {
      assertThat(file.names()).startsWith("f16", "bf16", "f32", "f64", "i8").endsWith("empty");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "module", "bare"})
  void findsAndFlattensTheStateDict(String name) throws IOException {
    try (PyTorchCheckpoint file = PyTorchCheckpoint.open(resource(name + ".pth"))) {
      assertThat(file.names()).containsExactly("w", "nested.list.0", "nested.list.2.0");
      assertThat(file.read("w").floats()).containsExactly(0, 1, 2, 3);
      assertThat(file.read("nested.list.2.0").floats()).containsExactly(0, 0);
    }
  }

  @Test
  void namesTheFileAndTheTensorThatIsAskedFor() throws IOException {
    try (PyTorchCheckpoint file = PyTorchCheckpoint.open(resource("types.pth"))) {
      assertThatThrownBy(() -> file.shape("weight"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(file.path() + ": has no tensor weight");
      assertThatThrownBy(() -> file.readBytes("f16"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tensor f16 is F16");
    }
  }

  @Test
  void refusesTorchScript() {
    Path file = resource("script.pt");
    assertRefused(file, "TorchScript", () -> PyTorchCheckpoint.open(file).close());
  }

  @Test
  void readsTheFormatBeforeVersion16() throws IOException {
    assertSame(resource("legacy.pth"), "types.safetensors");
    assertSame(resource("legacy_views_protocol4.pth"), "views.safetensors");
  }

  @Test
  void refusesDamageInTheFormatBeforeVersion16() throws IOException {
    byte[] bytes = Files.readAllBytes(resource("legacy.pth"));
    Path file = folder.resolve("legacy.pth");
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused(file, "is truncated in storage", () -> TensorFiles.open(file).close());
    Files.write(file, Arrays.copyOf(bytes, 100));
    assertRefused(file, "ends too early", () -> TensorFiles.open(file).close());
    bytes[bytes.length - 8] ^= 1;
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String big = text.replace("little_endianq\u0002\u0088", "little_endianq\u0002\u0089");
    assertThat(big).isNotEqualTo(text);
    Files.write(file, big.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file, "little-endian", () -> TensorFiles.open(file).close());
  }

  @Test
  void refusesBigEndian() throws IOException {
    Map<String, byte[]> entries = unzip(resource("types.pth"));
    entries.put("types/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    Path file = zip(folder, entries, ZipEntry.STORED);
    assertRefused(file, "byte order big", () -> PyTorchCheckpoint.open(file).close());
  }

  @Test
  void takesAnyPrefixAndNoByteOrder() throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    unzip(resource("types.pth"))
        .forEach((name, bytes) -> entries.put(name.replace("types/", "any/where/"), bytes));
    entries.remove("any/where/byteorder");
    assertSame(zip(folder, entries, ZipEntry.STORED), "types.safetensors");
  }

  @Test
  void refusesZipsThatAreNoCheckpoint() throws IOException {
    Path other = zip(folder, Map.of("readme.txt", new byte[3]), ZipEntry.DEFLATED);
    assertRefused(other, "without data.pkl", () -> PyTorchCheckpoint.open(other).close());
    Path two =
        zip(
            folder,
            Map.of("a/data.pkl", new byte[3], "b/data.pkl", new byte[3]),
            ZipEntry.DEFLATED);
    assertRefused(two, "two pickles", () -> PyTorchCheckpoint.open(two).close());
    Path none = Files.write(folder.resolve("none"), Arrays.copyOf(new byte[] {'P', 'K', 5, 6}, 22));
    assertRefused(none, "zip", () -> PyTorchCheckpoint.open(none).close());
  }

  @Test
  void refusesStoragesOfAnotherSizeAndMissingOnes() throws IOException {
    Map<String, byte[]> entries = unzip(resource("bare.pth"));
    entries.put("bare/data/0", new byte[15]);
    Path file = zip(folder, entries, ZipEntry.STORED);
    assertRefused(
        file,
        "tensor w needs 4 elements of F32 in bare/data/0, found 15 bytes",
        () -> PyTorchCheckpoint.open(file).close());
    entries.remove("bare/data/0");
    zip(folder, entries, ZipEntry.STORED);
    assertRefused(file, "found 0 bytes", () -> PyTorchCheckpoint.open(file).close());
  }

  @Test
  void refusesZipBombs() throws IOException {
    Map<String, byte[]> entries = unzip(resource("bare.pth"));
    entries.put("bare/data/0", new byte[80 << 20]);
    Path file = zip(folder, entries, ZipEntry.DEFLATED);
    assertThat(Files.size(file)).isLessThan(100_000);
    assertRefused(file, "inflates too far", () -> PyTorchCheckpoint.open(file).close());
  }

  @Test
  void refusesATruncatedFileAndDamagedElements() throws IOException {
    byte[] bytes = Files.readAllBytes(resource("bare.pth"));
    Path file = folder.resolve("damaged.pth");
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(file, "damaged or truncated", () -> PyTorchCheckpoint.open(file).close());

    byte[] three = {0, 0, 0x40, 0x40};
    int at =
        new String(bytes, StandardCharsets.ISO_8859_1)
            .indexOf(new String(three, StandardCharsets.ISO_8859_1));
    bytes[at] ^= 1;
    Files.write(file, bytes);
    try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
      assertRefused(file, "tensor w is damaged", () -> checkpoint.read("w"));
      assertThat(checkpoint.read("nested.list.0")).extracting(Tensor::size).isEqualTo(1);
    }
  }
}
