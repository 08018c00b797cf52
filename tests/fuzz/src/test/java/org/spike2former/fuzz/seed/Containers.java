package org.spike2former.fuzz.seed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Puts inputs into the containers in which readers meet them, and takes seeds out of these. */
public final class Containers {
  private static final String PICKLE = "archive/data.pkl";

  /** Of the storage that the checkpoints here have. */
  private static final int STORAGE_BYTES = 256;

  /** Marker, length of two bytes, name and two zeros. */
  private static final int EXIF_HEADER = 10;

  private Containers() {}

  /** A checkpoint with this pickle, and storages 0 to 3. */
  public static byte[] checkpoint(byte[] pickle) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, PICKLE, pickle);
      for (int i = 0; i < 4; i++) {
        store(zip, "archive/data/" + i, new byte[STORAGE_BYTES]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }

  /** Of a checkpoint with a tensor on storage 0, as PyTorch writes it. */
  public static byte[] pickle() {
    String storage = "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + "0X\3\0\0\0cpuK@tQ";
    String tensor =
        "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + "K\0K\2K\3\u0086K\3K\1\u0086\u0089NtR";
    return ("\u0080\2}q\0(X\5\0\0\0epochK\1X\5\0\0\0model}q\1X\1\0\0\0w" + tensor + "su.")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The pickles in checkpoints. */
  public static List<byte[]> pickles(List<byte[]> checkpoints) {
    List<byte[]> pickles = new ArrayList<>();
    try {
      // PyTorch's entries are stored with their sizes behind them, which streams cannot read.
      Path file = Files.createTempFile("checkpoint", ".pth");
      for (byte[] checkpoint : checkpoints) {
        Files.write(file, checkpoint);
        try (ZipFile zip = new ZipFile(file.toFile())) {
          for (ZipEntry entry : Collections.list(zip.entries())) {
            if (entry.getName().endsWith("/data.pkl")) {
              pickles.add(zip.getInputStream(entry).readAllBytes());
            }
          }
        }
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pickles;
  }

  /** A JPEG of a pixel with this Exif block. */
  public static byte[] jpegWithExif(byte[] jpeg, byte[] tiff) {
    int length = Math.min(tiff.length, 65_535 - EXIF_HEADER);
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + EXIF_HEADER + length);
    out.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (8 + length));
    out.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff, 0, length);
    return out.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** An Exif block with an orientation, of either byte order. */
  public static List<byte[]> exifBlocks() {
    byte[] entry = {1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0};
    byte[] big =
        ByteBuffer.allocate(26)
            .put(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1})
            .put(entry)
            .array();
    byte[] little = {
      'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0
    };
    return List.of(big, little);
  }
}
