package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Tensor;

/** Folders with weights of any name, and checkpoints in several files. */
class WeightsFolderTest {
  private static final String PART = "model-0000%d-of-00002.safetensors";

  @TempDir Path folder;
  private Path index;

  @BeforeEach
  void nameTheIndex() {
    index = folder.resolve("model.safetensors.index.json");
  }

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Files.createFile(folder.resolve(name));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "weights.safetensors, model.json weights.pth a.pth",
    "weights.pth, a.pth b.pt model.safetensors.index.json",
    "checkpoint-199.pth, train.yaml model.json ._checkpoint-199.pth",
    "iter_160000.PTH, last_checkpoint.txt",
    "a.pt, a.json",
    "model.safetensors, README.md",
    "model_best.pth.tar, log.txt",
    "epoch=3.ckpt, hparams.yaml",
    "pytorch_model.bin, config.json",
    "model.safetensors, optimizer.bin scheduler.bin sampler_1.bin scaler.pt random_states_0.pkl",
    "pytorch_model.bin, optimizer.pt scheduler.pt rng_state.pth rng_state_0.pth training_args.bin",
    "model.safetensors.index.json, model-00001-of-00002.safetensors config.json",
  })
  void findsTheOneFile(String expected, String others) throws IOException {
    touch(expected);
    touch(others.split(" "));
    assertThat(WeightsFolder.find(folder)).isEqualTo(folder.resolve(expected));
  }

  @Test
  void refusesNoneAndSeveral() throws IOException {
    touch("model.json", "pth", ".hidden.pth");
    Files.createDirectory(folder.resolve("a.pth"));
    assertRefused(
        folder, "not a model folder: it holds no weights.safe", () -> WeightsFolder.find(folder));
    touch("model-00001-of-00002.safetensors");
    assertRefused(folder, "no index (*.index.json)", () -> WeightsFolder.find(folder));
    touch("b.pth", "c.pt");
    assertRefused(
        folder,
        "holds 2 files that could be its weights: b.pth, c.pt; name the right one weights.pth",
        () -> TensorFiles.open(folder));
  }

  @Test
  void opensTheFileInAFolder() throws IOException {
    Files.copy(resource("model.pth"), folder.resolve("any name.pth"));
    try (TensorArchive file = TensorFiles.open(folder)) {
      assertThat(file.path()).isEqualTo(folder.resolve("any name.pth"));
      assertThat(file.container()).isEqualTo("model");
    }
  }

  private void writeParts() throws IOException {
    write(1, Map.of("a", Tensor.of(new float[] {1, 2}, 2), "b", Tensor.of(new float[] {3}, 1)));
    write(2, Map.of("c", Tensor.of(new double[] {4}, 1)));
  }

  private void write(int part, Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve(String.format(Locale.ROOT, PART, part));
    Files.deleteIfExists(file);
    Safetensors.write(file, tensors, Map.of());
  }

  /** Writes an index of {@code name:part} entries. */
  private void writeIndex(String... entries) throws IOException {
    StringBuilder json = new StringBuilder("{\"metadata\": {\"total_size\": 9}, \"weight_map\": {");
    for (String entry : entries) {
      String[] pair = entry.split(":");
      String file = pair[1].length() > 1 ? pair[1] : PART.replace("%d", pair[1]);
      json.append('"').append(pair[0]).append("\": \"").append(file).append("\",");
    }
    json.setLength(json.length() - 1);
    Files.writeString(index, json + "}}");
  }

  @Test
  void readsThePartsOfACheckpoint() throws IOException {
    writeParts();
    writeIndex("c:2", "a:1", "b:1");
    for (Path each : new Path[] {folder, index}) {
      try (TensorArchive file = TensorFiles.open(each)) {
        assertThat(file).isInstanceOf(ShardedArchive.class);
        assertThat(file.path()).isEqualTo(index);
        assertThat(file.names()).containsExactly("c", "a", "b");
        assertThat(file.type("c")).isEqualTo(ElementType.F64);
        assertThat(file.shape("a")).containsExactly(2);
        assertThat(file.read("a").floats()).containsExactly(1, 2);
        assertThat(file.read("b").floats()).containsExactly(3);
        assertThat(file.read("c").doubles()).containsExactly(4);
        assertThatThrownBy(() -> file.read("d"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(index + ": has no tensor d");
      }
    }
  }

  @Test
  void readsPartsOfPyTorch() throws IOException {
    Files.copy(resource("types.pth"), folder.resolve("pytorch_model-00001-of-00001.bin"));
    StringBuilder map = new StringBuilder();
    try (TensorArchive types = TensorFiles.open(resource("types.pth"))) {
      types
          .names()
          .forEach(n -> map.append("\"" + n + "\": \"pytorch_model-00001-of-00001.bin\","));
    }
    map.setLength(map.length() - 1);
    Path bin = folder.resolve("pytorch_model.bin.index.json");
    Files.writeString(bin, "{\"weight_map\": {" + map + "}}");
    try (TensorArchive file = TensorFiles.open(folder)) {
      assertThat(file.names()).contains("f16", "u8");
      assertThat(file.readBytes("u8")).hasSize(4);
    }
  }

  private void assertPartRefused(int part, String saying) {
    Path file = folder.resolve(String.format(Locale.ROOT, PART, part));
    assertRefused(file, saying, () -> TensorFiles.open(folder).close());
  }

  private void assertIndexRefused(String saying) {
    assertRefused(index, saying, () -> TensorFiles.open(index).close());
  }

  @Test
  void refusesPartsThatDoNotFitTheirIndex() throws IOException {
    writeParts();
    writeIndex("a:1", "b:1", "c:2", "d:2");
    assertPartRefused(2, "has no tensor d, which its index model.safetensors.index.json says");
    writeIndex("a:1", "c:2");
    assertPartRefused(
        1, "has tensor b, which its index model.safetensors.index.json does not name");
    writeIndex("a:1", "b:2", "c:2");
    assertPartRefused(1, "has tensor b, which its index model.safetensors.index.json says is in");
    writeIndex("a:1", "b:1", "c:2", "d:3");
    assertPartRefused(3, "no such file, which model.safetensors.index.json names as a part");
    Files.write(folder.resolve(PART.replace("%d", "2")), new byte[9]);
    writeIndex("a:1", "b:1", "c:2");
    assertPartRefused(2, "nothing but zeros");
  }

  @Test
  void refusesATensorThatIsTwice() throws IOException {
    writeParts();
    writeIndex("a:1", "b:1", "c:2", "c:1");
    assertIndexRefused("Duplicate field 'c'");
    write(2, Map.of("c", Tensor.of(new float[] {4}, 1), "a", Tensor.of(new float[] {1, 2}, 2)));
    writeIndex("a:1", "b:1", "c:2");
    assertPartRefused(2, "has tensor a, which its index model.safetensors.index.json says is in");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<html>|is not the index of a sharded checkpoint: found a web page",
        "{\"weight_map\": |is not the index of a sharded checkpoint: ",
        "{}|has no tensors in its weight_map",
        "[]|has no tensors in its weight_map",
        "{\"weight_map\": []}|weight_map is not an object",
        "{\"weight_map\": {\"a\": 1}}|names no file for tensor a",
        "{\"weight_map\": {\"a\": \"../b.pth\"}}|which is not in the same folder",
        "{\"weight_map\": {\"a\": \"/b.pth\"}}|which is not in the same folder",
        "{\"weight_map\": {\"a\": \"..\"}}|which is not in the same folder",
      })
  void refusesADamagedIndex(String json, String saying) throws IOException {
    Files.writeString(index, json);
    assertIndexRefused(saying);
  }

  @Test
  void anIndexHasNoKeys() throws IOException {
    writeParts();
    writeIndex("a:1", "b:1", "c:2");
    assertRefused(index, "no keys such as 'model'", () -> TensorFiles.open(folder, "model"));
  }
}
