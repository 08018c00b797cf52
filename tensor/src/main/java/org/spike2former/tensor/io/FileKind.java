package org.spike2former.tensor.io;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.spike2former.tensor.io.torch.LegacyStorages;

/** What a file is that should hold weights and does not, in words, and what to do about it. */
public final class FileKind {
  /** Bytes at a place by which a kind of file is known. */
  private record Signature(int at, String bytes, String words) {}

  private static final String UNPACK = "; unpack it and give the checkpoint that is in it";
  private static final String CONVERT =
      "; load it with the program that made it and save its weights as safetensors";

  /** Of two that fit a file, the longer comes first. */
  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature(0, "\u0093NUMPY", "an array of numpy (.npy), which has no tensor names"),
          new Signature(0, "7z\u00bc\u00af'\34", "a 7z archive" + UNPACK),
          new Signature(0, "\u00fd7zXZ\0", "a file compressed with xz" + UNPACK),
          new Signature(0, "Rar!\32\7", "a RAR archive" + UNPACK),
          new Signature(0, "(\u00b5/\u00fd", "a file compressed with zstd" + UNPACK),
          new Signature(0, "\4\"M\30", "a file compressed with lz4" + UNPACK),
          new Signature(0, "BZh", "a file compressed with bzip2" + UNPACK),
          new Signature(0, "\37\u008b", "a file compressed with gzip" + UNPACK),
          new Signature(257, "ustar", "a tar archive" + UNPACK),
          new Signature(0, "\u0089HDF\r\n\32\n", "an HDF5 file (Keras, h5py)" + CONVERT),
          new Signature(0, "MATLAB 5.0", "a MATLAB file" + CONVERT),
          new Signature(0, "GGUF", "a GGUF model" + CONVERT),
          new Signature(0, "lmgg", "a GGML model" + CONVERT),
          new Signature(0, "tjgg", "a GGML model" + CONVERT),
          new Signature(4, "TFL3", "a TensorFlow Lite model" + CONVERT),
          new Signature(4, "ET", "an ExecuTorch program" + CONVERT),
          new Signature(0, "\u0089PNG", "an image"),
          new Signature(0, "\u00ff\u00d8\u00ff", "an image"),
          new Signature(0, "GIF8", "an image"),
          new Signature(0, "%PDF", "a PDF document"),
          new Signature(0, "\177ELF", "a program or library"),
          new Signature(0, "MZ", "a program or library"),
          new Signature(
              0,
              "version https://git-lfs",
              "a Git LFS pointer, the file itself was not downloaded; run git lfs pull"));

  private static final String WEB_PAGE =
      "a web page, not the file that it should lead to; download that again, with a browser if the"
          + " page asks for a login or a confirmation";

  private static final String UNKNOWN = "an unknown format";

  private static final String TEXT_CONTROLS = "\t\n\r\f";

  private FileKind() {}

  /** From the first bytes, and where they say nothing, from the name. */
  public static String of(Path file, byte[] head) {
    String kind = of(head);
    boolean tensorFlow = file.getFileName().toString().matches(".*\\.(index|data-\\d+-of-\\d+)");
    return tensorFlow && kind.startsWith(UNKNOWN)
        ? "a part of a TensorFlow checkpoint" + CONVERT
        : kind;
  }

  /** From the first bytes. */
  public static String of(byte[] head) {
    for (Signature each : SIGNATURES) {
      if (startsWith(head, each.at, each.bytes)) {
        return each.words;
      }
    }
    if (LegacyStorages.isLegacy(head)) {
      return "a PyTorch checkpoint";
    }
    if (TensorFiles.isZip(head)) {
      return "a zip archive";
    }
    if (TensorFiles.isSafetensors(head)) {
      return "a safetensors file";
    }
    if (head.length > 1 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5) {
      return "a bare pickle, not a checkpoint of torch.save; if it holds tensors, run"
          + " torch.save(pickle.load(open(FILE, 'rb')), 'weights.pth')";
    }
    if (isOnnx(head)) {
      return "an ONNX model or another protocol buffer; give the checkpoint from which it was made";
    }
    String text = new String(head, StandardCharsets.UTF_8).replaceFirst("^\\uFEFF", "").strip();
    if (isText(head)) {
      return ofText(text);
    }
    if (isZero(head)) {
      return "nothing but zeros at the start, as of an unfinished download; download it again";
    }
    return UNKNOWN
        + " that starts with bytes "
        + HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(head, Math.min(8, head.length)));
  }

  private static String ofText(String text) {
    String start = text.substring(0, Math.min(100, text.length())).toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html")
        || start.startsWith("<html")
        || start.startsWith("<head")) {
      return WEB_PAGE;
    }
    String shown = " ('" + Printable.of(text.replaceAll("\\s+", " "), 60) + "')";
    if (start.startsWith("<")) {
      return "XML, as of a server's refusal" + shown + "; download the file again";
    }
    if (start.startsWith("{") || start.startsWith("[")) {
      return "JSON text, as of a server's refusal or a configuration" + shown;
    }
    if (start.startsWith("model_checkpoint_path")) {
      return "a part of a TensorFlow checkpoint" + CONVERT;
    }
    return "text" + shown + ", as of a configuration or a failed download";
  }

  /** From the names in a zip archive that is not a checkpoint. */
  public static String ofZip(Collection<String> names) {
    if (anyEnds(names, "/constants.pkl")) {
      return "a TorchScript program; save its state dict with"
          + " torch.save(torch.jit.load(FILE).state_dict(), 'weights.pth')";
    }
    if (anyEnds(names, "/archive_format") || anyEnds(names, "/models/model.json")) {
      return "a program of torch.export; save its state dict with"
          + " torch.save(dict(torch.export.load(FILE).state_dict), 'weights.pth')";
    }
    if (!names.isEmpty() && names.stream().allMatch(name -> name.endsWith(".npy"))) {
      return "arrays of numpy (.npz); save them as safetensors with"
          + " safetensors.numpy.save_file(dict(numpy.load(FILE)), 'weights.safetensors')";
    }
    if (anyEnds(names, "model.weights.h5")) {
      return "a Keras model" + CONVERT;
    }
    List<String> inner =
        names.stream()
            .filter(name -> !name.contains("__MACOSX"))
            .filter(name -> WeightsFolder.isWeights(name.substring(name.lastIndexOf('/') + 1)))
            .limit(3)
            .map(name -> Printable.of(name, 80))
            .toList();
    return inner.isEmpty()
        ? "a zip archive without data.pkl, not a checkpoint"
        : "a zip archive with " + String.join(", ", inner) + UNPACK;
  }

  private static boolean anyEnds(Collection<String> names, String end) {
    return names.stream().anyMatch(name -> name.endsWith(end) || name.equals(end.substring(1)));
  }

  /** The first field of a model is a small version, the next a string or a message. */
  private static boolean isOnnx(byte[] head) {
    return head.length > 3
        && head[0] == 8
        && head[1] > 0
        && head[1] < 64
        && (head[2] == 0x12 || head[2] == 0x1a || head[2] == 0x3a || head[2] == 0x42);
  }

  private static boolean isText(byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    long odd =
        text.chars().filter(c -> c < ' ' && TEXT_CONTROLS.indexOf(c) < 0 || c == 0xfffd).count();
    return odd <= 2 && text.chars().noneMatch(c -> c == 0); // a cut letter at the end
  }

  private static boolean isZero(byte[] head) {
    for (byte b : head) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] head, int at, String bytes) {
    byte[] expected = bytes.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= at + expected.length
        && Arrays.equals(expected, Arrays.copyOfRange(head, at, at + expected.length));
  }
}
