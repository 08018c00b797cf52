package org.spike2former.tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** Opens a file of tensors by its content, whatever its name. */
public final class TensorFiles {
  private static final int HEAD = 64;

  private TensorFiles() {}

  /**
   * Opens a safetensors file or a PyTorch checkpoint.
   *
   * @throws FormatException if it is neither, or damaged; the message says what it is
   */
  public static TensorArchive open(Path file) throws IOException {
    return open(file, null);
  }

  /**
   * Opens a safetensors file or a PyTorch checkpoint.
   *
   * @param container the keys, joined with dots, under which the weights lie in a checkpoint; empty
   *     for the checkpoint itself, null to choose as {@link Containers} says
   * @throws FormatException if it is neither, or damaged, or has no tensors under that key; the
   *     message says what it is or where its tensors are
   */
  public static TensorArchive open(Path file, String container) throws IOException {
    byte[] head = head(file);
    if (isZip(head)) {
      return PyTorchCheckpoint.open(file, container);
    }
    if (isSafetensors(head)) {
      if (container != null && !container.isEmpty()) {
        throw new FormatException(
            file, "is a safetensors file, which has no keys such as '" + container + "'");
      }
      return Safetensors.open(file);
    }
    throw new FormatException(
        file,
        "expected a safetensors file or a PyTorch checkpoint (.pth), found " + describe(head));
  }

  /**
   * The first bytes of a regular file.
   *
   * @throws FormatException if there is no such file, or it is a folder, empty or not readable
   */
  static byte[] head(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FormatException(file, "is a folder, expected a file");
    }
    if (!Files.exists(file)) {
      throw new FormatException(file, "no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new FormatException(file, "is not a regular file");
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    } catch (AccessDeniedException e) {
      throw new FormatException(file, "no permission to read it", e);
    }
    if (head.length == 0) {
      throw new FormatException(file, "is empty");
    }
    return head;
  }

  static boolean isZip(byte[] head) {
    return startsWith(head, 'P', 'K', 3, 4) || startsWith(head, 'P', 'K', 5, 6);
  }

  /** A header length whose upper four bytes are zero, then the header's opening brace. */
  static boolean isSafetensors(byte[] head) {
    return head.length > 8
        && head[4] == 0
        && head[5] == 0
        && head[6] == 0
        && head[7] == 0
        && head[8] == '{';
  }

  /** What a file seems to be, in words, from its first bytes. */
  static String describe(byte[] head) {
    if (isZip(head)) {
      return "a zip archive";
    }
    if (isSafetensors(head)) {
      return "a safetensors file";
    }
    if (startsWith(head, 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46)) {
      return "a PyTorch checkpoint in the format before 1.6; load it with PyTorch and save it again";
    }
    if (head.length > 1 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5) {
      return "a bare pickle, not a checkpoint of torch.save";
    }
    if (startsWith(head, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
      return "an array of numpy (.npy), which has no tensor names";
    }
    if (startsWith(head, 0x89, 'P', 'N', 'G') || startsWith(head, 0xff, 0xd8, 0xff)) {
      return "an image";
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      return "a Git LFS pointer, the file itself was not downloaded";
    }
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t')) {
      return "text";
    }
    return "an unknown format that starts with bytes "
        + HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(head, Math.min(8, head.length)));
  }

  private static boolean startsWith(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (head[i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
  }
}
