package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.tensor.io.TestFiles.resource;
import static org.spike2former.tensor.io.TestFiles.unzip;
import static org.spike2former.tensor.io.TestFiles.write;
import static org.spike2former.tensor.io.TestFiles.zip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files give their tensors or an IOException, and nothing else. */
@Timeout(60)
class MutationTest {
  private static final int MUTATIONS = 400;

  @TempDir Path folder;

  private int valid;
  private int refused;

  /** Reads everything there is; any exception but an IOException fails the test. */
  private void read(Path file) {
    try {
      if (file.toString().endsWith(".npy")) {
        assertThat(Npy.read(file).tensor()).isNotNull();
      } else {
        try (TensorArchive archive = TensorFiles.open(file)) {
          for (String name : archive.names()) {
            if (archive.type(name) == ElementType.OTHER) {
              continue;
            }
            assertThat(archive.read(name).shape()).isEqualTo(archive.shape(name));
          }
        }
      }
      valid++;
    } catch (IOException e) {
      assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
      refused++;
    }
  }

  private static byte[] mutate(byte[] original, int limit, Random random) {
    byte[] bytes = original.clone();
    int flips = 1 + random.nextInt(3);
    for (int i = 0; i < flips; i++) {
      int at = random.nextInt(Math.min(limit, bytes.length));
      bytes[at] =
          random.nextBoolean()
              ? (byte) (bytes[at] ^ 1 << random.nextInt(8))
              : (byte) random.nextInt(256);
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "types.safetensors, 800",
    "views.safetensors, 1500",
    "types.pth, 10000",
    "types_deflated.pth, 10000",
    "types_no_checksum.pth, 10000",
    "bare.pth, 10000",
    "legacy.pth, 10000",
    "fortran.npy, 128",
    "version2.npy, 100",
  })
  void flippedBytes(String name, int limit) throws IOException {
    byte[] original = Files.readAllBytes(resource(name));
    Path file = folder.resolve(name);
    Random random = new Random(1);
    for (int i = 0; i < MUTATIONS; i++) {
      read(write(file, mutate(original, limit, random)));
    }
    assertThat(valid).isPositive();
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "types.safetensors",
        "bare.pth",
        "types_deflated.pth",
        "legacy.pth",
        "f4.npy",
        "version2.npy"
      })
  void truncation(String name) throws IOException {
    byte[] original = Files.readAllBytes(resource(name));
    Path file = folder.resolve(name);
    int step = Math.max(1, original.length / MUTATIONS);
    for (int length = 0; length < original.length; length += step) {
      read(write(file, Arrays.copyOf(original, length)));
    }
    assertThat(valid).isZero();
    read(write(file, original));
    assertThat(valid).isEqualTo(1);
  }

  /** The archive around the pickle is sound, so that every mutation reaches the pickle. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "types",
        "types_protocol3",
        "views",
        "mmengine_protocol2",
        "mmengine_protocol5",
        "unknown_protocol2",
        "unknown_protocol4",
        "odd_tensors"
      })
  void flippedBytesInThePickle(String name) throws IOException {
    Map<String, byte[]> entries = unzip(resource(name + ".pth"));
    String pickle =
        entries.keySet().stream().filter(key -> key.endsWith("/data.pkl")).findAny().orElseThrow();
    byte[] original = entries.get(pickle);
    Random random = new Random(2);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = mutate(original, original.length, random);
      if (i % 8 == 0) {
        mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length));
      }
      entries.put(pickle, mutated);
      read(zip(folder, entries, ZipEntry.STORED));
    }
    assertThat(valid).isPositive();
    assertThat(refused).isPositive();
  }
}
