package org.spike2former.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.spike2former.tensor.io.TestFiles.assertRefused;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.io.FormatException;

/** What a small checkpoint may cost, and damage in parts of an entry that no tensor covers. */
class CheckpointCostTest {
  private static final int MEGABYTE = 1 << 20;
  private static final int STORED = 1 << 16;

  @TempDir private Path folder;

  @AfterEach
  void resetLimits() {
    System.clearProperty("s2f.max-pickle-memory");
    System.clearProperty("s2f.max-tensors");
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private Path zip(int method, byte[] pickle, byte[]... storages) throws IOException {
    Path file = folder.resolve("hand.pth");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, method, "a/data.pkl", pickle);
      for (int i = 0; i < storages.length; i++) {
        put(zip, method, "a/data/" + i, storages[i]);
      }
    }
    return file;
  }

  private static void put(ZipOutputStream zip, int method, String name, byte[] content)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    entry.setSize(content.length);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] bytes(String pickle) {
    return pickle.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String int32(int value) {
    return "J"
        + (char) (value & 0xff)
        + (char) (value >> 8 & 0xff)
        + (char) (value >> 16 & 0xff)
        + (char) (value >>> 24);
  }

  /** A name and the operations of a tensor of float32 in a storage. */
  private static String tensor(String name, int storage, int size, int offset, int length) {
    return "U"
        + (char) name.length()
        + name
        + "ctorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\nU\1"
        + storage
        + "U\3cpu"
        + int32(size)
        + "tQ"
        + int32(offset)
        + int32(length)
        + "\u0085K\1\u0085\u0089NtR";
  }

  /** Two kilobytes on disk, two megabytes of operations. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "]",
        "}",
        ")",
        "(t",
        "\u008f",
        "\u0094",
        "C\0",
        "U\0",
        "I1\n",
        "F1\n",
        "L12L\n",
        "c\n\n",
        "(ia\nb\n",
        "NQ",
        "Pa\n",
        "\u008a\u0009\1\1\1\1\1\1\1\1\1",
        "h\0)R",
        "h\0h\1\u0081",
      })
  void aPickleTakesNoMoreMemoryThanItsLimit(String operations) throws IOException {
    String start = "\u0080\2cos\nsystem\nq\0)q\1";
    String flood = operations.repeat(1_900_000 / operations.length());
    Path file = zip(ZipEntry.DEFLATED, bytes(start + flood + "."));
    assertThat(Files.size(file)).isLessThan(20_000);
    long before = allocated();
    assertRefused(file, "", () -> PyTorchCheckpoint.open(file).close());
    assertThat(allocated() - before).isLessThan((64 + 4 * 2) * MEGABYTE);
  }

  @Test
  void limitsAreNamedAndCanBeSet() throws IOException {
    Path file = zip(ZipEntry.DEFLATED, bytes("]".repeat(1_500_000) + "."));
    assertRefused(
        file,
        "makes values of more than 41943040 bytes (-Ds2f.max-pickle-memory)",
        () -> PyTorchCheckpoint.open(file).close());
    System.setProperty("s2f.max-pickle-memory", "400000000");
    assertRefused(file, "single value", () -> PyTorchCheckpoint.open(file).close());
  }

  @Test
  void tensorsOnOneStorageReadNoMoreThanItsSizeAllows() throws IOException {
    int size = 1_000_000;
    StringBuilder pickle = new StringBuilder("}(");
    for (int i = 0; i < 100; i++) {
      pickle.append(tensor("t" + i, 0, size, i, size - 100));
    }
    Path file = zip(ZipEntry.DEFLATED, bytes(pickle + "u."), new byte[4 * size]);
    assertRefused(
        file,
        "has tensors of 399960000 bytes in storages of 4000000, more than four times as many and"
            + " 67108864 bytes (-Ds2f.max-shared-bytes)",
        () -> PyTorchCheckpoint.open(file).close());
  }

  /** Inflated once, not once for every tensor. */
  @Test
  void tensorsInACompressedEntryAreReadTogether() throws IOException {
    int size = 1_000_000;
    StringBuilder pickle = new StringBuilder("}(");
    for (int i = 0; i < 300; i++) {
      pickle.append(tensor("t" + i, 0, size, 3000 * i, 2));
    }
    byte[] storage = new byte[4 * size];
    storage[4 * 3000 * 299 + 3] = 0x40;
    Path file = zip(ZipEntry.DEFLATED, bytes(pickle + "u."), storage);
    long before = allocated();
    try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
      for (String name : checkpoint.names()) {
        assertThat(checkpoint.read(name).floats()).containsExactly(name.equals("t299") ? 2 : 0, 0);
      }
    }
    assertThat(allocated() - before).isLessThan(16 * MEGABYTE);
  }

  @Test
  void compressedEntriesThatTakeTurnsAreRefused() throws IOException {
    int size = 2_000_000;
    StringBuilder pickle = new StringBuilder("}(");
    for (int i = 0; i < 40; i++) {
      pickle.append(tensor("t" + i, i % 2, size, 0, 2));
    }
    byte[] storage = new byte[4 * size];
    Path file = zip(ZipEntry.DEFLATED, bytes(pickle + "u."), storage, storage);
    try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
      assertRefused(
          file,
          "take turns in compressed entries",
          () -> {
            for (String name : checkpoint.names()) {
              checkpoint.read(name);
            }
          });
    }
  }

  /** The tensor is whole, but what lies beside it in its entry is not. */
  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void damageBesideATensorIsSeen(int method) throws IOException {
    byte[] storage = new byte[4 * STORED];
    for (int i = 0; i < storage.length; i++) {
      storage[i] = (byte) (i * 31 >> 3 & 7);
    }
    Path file = zip(method, bytes("}(" + tensor("w", 0, STORED, 4, 8) + "u."), storage);
    try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
      assertThat(checkpoint.read("w").size()).isEqualTo(8);
      assertThat(checkpoint.read("w").size()).isEqualTo(8);
    }
    byte[] content = Files.readAllBytes(file);
    if (method == ZipEntry.STORED) {
      content[content.length - 1000] ^= 1;
    } else {
      storage[storage.length - 100] ^= 1;
      Path other = zip(method, bytes("}(" + tensor("w", 0, STORED, 4, 8) + "u."), storage);
      byte[] damaged = Files.readAllBytes(other);
      // The other content under the first checksum.
      replaceChecksum(damaged, content);
      content = damaged;
    }
    Files.write(file, content);
    try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
      assertRefused(file, "tensor w is damaged in entry a/data/0", () -> checkpoint.read("w"));
    }
  }

  /** The last record of the central directory has its checksum 16 bytes after its start. */
  private static void replaceChecksum(byte[] target, byte[] source) {
    System.arraycopy(source, lastRecord(source) + 16, target, lastRecord(target) + 16, 4);
  }

  private static int lastRecord(byte[] zip) {
    for (int at = zip.length - 46; ; at--) {
      if (zip[at] == 'P' && zip[at + 1] == 'K' && zip[at + 2] == 1 && zip[at + 3] == 2) {
        return at;
      }
    }
  }

  @Test
  void tooManyTensorsAreRefused() throws IOException {
    System.setProperty("s2f.max-tensors", "1");
    Path file =
        zip(
            ZipEntry.STORED,
            bytes("}(" + tensor("v", 0, 2, 0, 1) + tensor("w", 0, 2, 1, 1) + "u."),
            new byte[8]);
    assertRefused(
        file,
        "has more than 1 tensors (-Ds2f.max-tensors)",
        () -> PyTorchCheckpoint.open(file).close());
    System.setProperty("s2f.max-tensors", "none");
    assertThat(catchThrowable(() -> PyTorchCheckpoint.open(file)))
        .isNotInstanceOf(FormatException.class)
        .hasMessage("-Ds2f.max-tensors=none: expected a positive integer");
  }
}
