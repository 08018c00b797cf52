package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Files for the tests of formats: those that make_resources.py made, and hand-made ones. */
public final class TestFiles {
  private TestFiles() {}

  public static Path resource(String name) {
    try {
      return Path.of(TestFiles.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes a new file; file systems are slow to overwrite one. */
  static Path write(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    return Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
  }

  /** A safetensors file with this header and so many zero bytes of data. */
  static Path safetensors(Path folder, String header, int dataSize) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + dataSize);
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
    return write(folder.resolve("hand.safetensors"), file.array());
  }

  /** A checkpoint with this pickle and no storages. */
  public static Path checkpoint(Path folder, byte[] pickle) throws IOException {
    return zip(folder, Map.of("archive/data.pkl", pickle), ZipEntry.STORED);
  }

  /** Bytes of a pickle in which each character stands for itself, so Latin-1. */
  public static byte[] pickle(String operations) {
    return operations.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static Path zip(Path folder, Map<String, byte[]> entries, int method) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setMethod(method);
        CRC32 checksum = new CRC32();
        checksum.update(each.getValue());
        entry.setSize(each.getValue().length);
        if (method == ZipEntry.STORED) {
          entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(each.getValue());
      }
    }
    return write(folder.resolve("hand.pth"), bytes.toByteArray());
  }

  /** The entries of a zip archive. */
  public static Map<String, byte[]> unzip(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  /** Expects a refusal of one line that names the file and says this. */
  public static void assertRefused(Path file, String saying, ThrowingCallable action) {
    Throwable thrown = catchThrowable(action);
    assertThat(thrown).isInstanceOf(FormatException.class);
    assertThat(thrown.getMessage()).startsWith(file + ": ").contains(saying).doesNotContain("\n");
  }
}
