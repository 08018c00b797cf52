package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.Main;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.Safetensors;

class InfoCommandTest {
  /** A tensor of two zeros, as torch.save writes it. */
  private static final String TENSOR =
      "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
          + "X\1\0\0\0000X\3\0\0\0cpuK\2tQK\0K\2\u0085K\1\u0085\u0089NtR";

  private static final String NAMESPACE = "cargparse\nNamespace\n)\u0081}X\1\0\0\0aK\1sb";

  @TempDir Path folder;

  /** What a command printed on standard output, after its exit code; or its error. */
  private static String run(Object... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    try (PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(print);
      System.setErr(print);
      int code = Main.run(words);
      return code + "\n" + bytes.toString(StandardCharsets.UTF_8);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private Path checkpoint(String pickle) throws IOException {
    Path file = folder.resolve("a.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      zip.write((pickle + ".").getBytes(StandardCharsets.ISO_8859_1));
      zip.putNextEntry(new ZipEntry("a/data/0"));
      zip.write(new byte[8]);
    }
    return file;
  }

  private Path withBeside() throws IOException {
    return checkpoint(
        "}(X\11\0\0\0model_ema}X\1\0\0\0v"
            + TENSOR
            + "sX\5\0\0\0model}X\1\0\0\0w"
            + TENSOR
            + "sX\4\0\0\0args"
            + NAMESPACE
            + "X\7\0\0\0\u00c2\u009b31mx\u0007K\1X\11\0\0\0optimizer}"
            + "(X\5\0\0\0state}X\14\0\0\0param_groups]uu");
  }

  @Test
  void listsWhatStandsBesideTheWeights() throws IOException {
    assertThat(run("info", withBeside()))
        .startsWith("0\n")
        .contains("tensors taken from: model\n", "other tensors: model_ema\n", "tensors: 1\n")
        .contains("not read\n")
        .contains("  args: argparse.Namespace\n", "  optimizer: optimizer state\n")
        .contains("  \\u009b31mx\\u0007: number 1\n")
        .doesNotContain("\u009b", "\u0007");
  }

  @Test
  void listsItAsJson() throws IOException {
    String printed = run("info", withBeside(), "--json");
    assertThat(printed).startsWith("0\n{").matches("[\\x20-\\x7e\\n\\r]*");
    JsonNode info = new ObjectMapper().readTree(printed.substring(2));
    assertThat(info.get("tensors taken from").asText()).isEqualTo("model");
    assertThat(info.get("other tensors").asText()).isEqualTo("model_ema");
    assertThat(info.get("not read").get("args").asText()).isEqualTo("argparse.Namespace");
  }

  @Test
  void takesTheTensorsOfAKey() throws IOException {
    Path file = withBeside();
    assertThat(run("info", file, "--tensors", "--weights-key", "model_ema"))
        .contains("tensors taken from: model_ema\n", "other tensors: model\n", "  v: F32 [2]\n");
    assertThat(run("info", file, "--weights-key", "modle"))
        .startsWith("2\n")
        .contains("has no key 'modle'; tensors are under: model, model_ema");
  }

  @Test
  void escapesTheNamesOfTensors() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, Map.of("a\u001b[31m\u202e", Tensor.of(new float[1], 1)), Map.of());
    assertThat(run("info", file, "--tensors")).contains("  a\\u001b[31m\\u202e: F32 [1]\n");
    assertThat(run("info", file, "--tensors", "--json")).contains("a\\u001B[31m\\u202E");
  }

  @Test
  void describesAFolderWithoutAConfiguration() throws IOException {
    String part = "model-00001-of-00001.safetensors";
    Safetensors.write(folder.resolve(part), Map.of("a", Tensor.of(new float[2], 2)), Map.of());
    assertThat(run("info", folder)).startsWith("2\n").contains("no index (*.index.json)");
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"" + part + "\"}}");
    assertThat(run("info", folder))
        .startsWith("0\n")
        .contains("parts\n  model-00001-of-00001.safetensors: ", "tensors: 1\n", "elements: 2\n");
  }

  @Test
  void aFileWithoutWeightsSaysWhatItHolds() throws IOException {
    assertThat(run("info", checkpoint("}X\4\0\0\0args" + NAMESPACE + "s")))
        .startsWith("2\n")
        .contains("has no tensors, expected a state dict; it holds args (argparse.Namespace)");
  }
}
