package org.spike2former.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.checkpoint;
import static org.spike2former.tensor.io.TestFiles.pickle;
import static org.spike2former.tensor.io.TestFiles.resource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/** Pickles are written as {@code key{...}}; a lower-case letter alone is a tensor. */
class ContainersTest {
  static final List<String> KEYS = Containers.KEYS;

  @TempDir Path folder;

  /** The operations for such a text as {@code model{a b args=} c}. */
  private static String operations(String text) {
    StringBuilder out = new StringBuilder("}(");
    for (String token : text.replace("}", " } ").replace("{", "{ ").trim().split(" +")) {
      if (token.equals("}")) {
        out.append("u");
      } else {
        String key = token.replaceAll("[{=]", "");
        out.append("X").append((char) key.length()).append("\0\0\0").append(key);
        out.append(token.endsWith("{") ? "}(" : token.endsWith("=") ? "K\1" : "ctorch\nTensor\n)R");
      }
    }
    return out + "u.";
  }

  private TensorArchive open(String text, String container) throws IOException {
    return TensorFiles.open(checkpoint(folder, pickle(operations(text))), container);
  }

  @ParameterizedTest
  @FieldSource("KEYS")
  void everyUsualKeyIsFound(String key) throws IOException {
    try (TensorArchive file = open("epoch= " + key + "{a b}", null)) {
      assertThat(file.container()).isEqualTo(key);
      assertThat(file.names()).containsExactly("a", "b");
      assertThat(file.otherContainers()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a b|''|a,b|''",
        "model{a} state_dict{b}|state_dict|b|model",
        "model_ema{a} model{b}|model|b|model_ema",
        "params_ema{a} params{b}|params|b|params_ema",
        "state_dict_ema{a} model_state_dict{b}|model_state_dict|b|state_dict_ema",
        "model{state_dict{a} args=} epoch=|model.state_dict|a|''",
        "ema{module{a} decay=} net{a}|net|a|ema.module",
        "ema{module{a} decay=}|ema.module|a|''",
        "checkpoint{model{a}}|checkpoint.model|a|''",
        "model{module{state_dict{a}}}|model.module.state_dict|a|''",
        "model{backbone{a} head{b}}|model|backbone.a,head.b|''",
        "state_dict{a model{b}}|state_dict|a,model.b|''",
        "epoch model{a b}|model|a,b|''",
        "a b c weights{d}|''|a,b,c|weights",
        "a state_dict_ema{b}|''|a|state_dict_ema",
        "state_dict= model{a}|model|a|''",
        "state_dict{x=} model{a}|model|a|''",
        "teacher{a} student{b}|''|teacher.a,student.b|teacher,student",
        "backbone{a{b}} epoch=|''|backbone.a.b|''",
        "state_dict{a} optimizer{state{b} param_groups=}|state_dict|a|''",
        "a optimizer{state{b} param_groups=}|''|a|''",
        "net{state{b} param_groups=} model_ema{a}|model_ema|a|''",
      })
  void theBestIsTakenAndTheOthersAreSaid(String text, String container, String names, String others)
      throws IOException {
    try (TensorArchive file = open(text, null)) {
      assertThat(file.container()).isEqualTo(container);
      assertThat(String.join(",", file.names())).isEqualTo(names);
      assertThat(String.join(",", file.otherContainers())).isEqualTo(others);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model{a} model_ema{b}|model_ema|b|model",
        "teacher{a} student{b}|teacher|a|student",
        "model{state_dict{a}}|model|state_dict.a|model.state_dict",
        "model{a} x{y{z{b}}}|x.y.z|b|model,x.y.z",
        "a.b{c} model{d}|a.b|c|model",
        "model{a} b|''|model.a,b|model",
      })
  void anotherCanBeChosen(String text, String container, String names, String others)
      throws IOException {
    try (TensorArchive file = open(text, container)) {
      assertThat(file.container()).isEqualTo(container);
      assertThat(String.join(",", file.names())).isEqualTo(names);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modle|has no key 'modle'; tensors are under: state_dict, model_ema",
        "epoch|has no tensors under epoch; tensors are under: state_dict, model_ema",
        "state_dict.x|has no key 'state_dict.x'; tensors",
        "state_dict.a|holds a single tensor",
      })
  void aWrongKeyNamesTheRightOnes(String container, String saying) {
    Path file = folder.resolve("hand.pth");
    assertRefused(file, saying, () -> open("model_ema{b} state_dict{a} epoch=", container).close());
  }

  @Test
  void whatIsThereInsteadOfTensorsIsSaid() {
    Path file = folder.resolve("hand.pth");
    assertRefused(
        file,
        "has no tensors, expected a state dict; it holds epoch (number 1), args (number 1)",
        () -> open("epoch= args=", null).close());
  }

  @Test
  void safetensorsHaveNoKeys() throws IOException {
    Path file = resource("types.safetensors");
    assertRefused(file, "no keys such as 'model'", () -> TensorFiles.open(file, "model"));
    try (TensorArchive archive = TensorFiles.open(file, "")) {
      assertThat(archive.container()).isEmpty();
      assertThat(archive.otherContainers()).isEmpty();
      assertThat(archive.unread()).isEmpty();
    }
  }
}
