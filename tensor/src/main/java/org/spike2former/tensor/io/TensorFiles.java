package org.spike2former.tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.spike2former.tensor.io.torch.LegacyStorages;
import org.spike2former.tensor.io.torch.PyTorchCheckpoint;

/** Opens files of tensors by their content, whatever their names. */
public final class TensorFiles {
  private static final int HEAD = 512;

  private TensorFiles() {}

  /**
   * Opens a file of tensors; in a checkpoint the state dict is found as {@link #open(Path, String)}
   * says.
   *
   * @throws FormatException if it is none, or damaged; the message says what it is
   */
  public static TensorArchive open(Path file) throws IOException {
    return open(file, null);
  }

  /**
   * Opens a safetensors file, a PyTorch checkpoint, the index of a sharded one, or a folder that
   * holds one of these, see {@link WeightsFolder}.
   *
   * @param container the keys, joined with dots, under which the weights lie in a checkpoint; empty
   *     for the checkpoint itself. Null takes the first of these keys that holds tensors: {@code
   *     state_dict}, {@code model_state_dict}, {@code model}, {@code module}, {@code net}, {@code
   *     network}, {@code weights}, {@code params}, {@code params_ema}, {@code ema_state_dict},
   *     {@code model_ema}, {@code state_dict_ema}, {@code ema}; and again in what it holds. If none
   *     does, or if more tensors lie outside it than in it, the checkpoint itself is taken
   * @throws FormatException if it is none of these, or damaged, or has no tensors under that key;
   *     the message says what it is or where its tensors are
   */
  public static TensorArchive open(Path file, String container) throws IOException {
    Path found = Files.isDirectory(file) ? WeightsFolder.find(file) : file;
    byte[] head = head(found);
    if (WeightsFolder.isIndex(found.getFileName().toString())) {
      refuseContainer(found, "the index of a sharded checkpoint", container);
      return ShardedArchive.open(found);
    }
    return openFile(found, head, container);
  }

  /** Opens a single file. */
  static TensorArchive openFile(Path file, byte[] head, String container) throws IOException {
    if (isZip(head) || LegacyStorages.isLegacy(head)) {
      return PyTorchCheckpoint.open(file, container);
    }
    if (isSafetensors(head)) {
      refuseContainer(file, "a safetensors file", container);
      return Safetensors.open(file);
    }
    throw new FormatException(
        file,
        "expected a safetensors file or a PyTorch checkpoint (.pth), found "
            + FileKind.of(file, head));
  }

  private static void refuseContainer(Path file, String what, String container)
      throws FormatException {
    if (container != null && !container.isEmpty()) {
      throw new FormatException(
          file, "is " + what + ", which has no keys such as '" + container + "'");
    }
  }

  /**
   * The first bytes of a regular file.
   *
   * @throws FormatException if there is no such file, or it is a folder, empty or not readable
   */
  public static byte[] head(Path file) throws IOException {
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
      throw new FormatException(file, "is empty; if it was downloaded, download it again");
    }
    return head;
  }

  public static boolean isZip(byte[] head) {
    return head.length > 3
        && head[0] == 'P'
        && head[1] == 'K'
        && (head[2] == 3 && head[3] == 4 || head[2] == 5 && head[3] == 6);
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
}
