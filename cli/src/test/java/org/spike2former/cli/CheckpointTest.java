package org.spike2former.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.Safetensors;

/** Model folders with weights from elsewhere. */
class CheckpointTest {
  private static final Path MODEL = InProcess.ROOT.resolve("models/camvid-small");
  private static final Path STREET = InProcess.ROOT.resolve("samples/street.jpg");

  @TempDir private Path folder;
  private final Map<String, Tensor> state = new LinkedHashMap<>();

  @BeforeEach
  void copyModel() throws IOException {
    for (String name : new String[] {"model.json", "classes.json", "preprocess.json"}) {
      Files.copy(MODEL.resolve(name), folder.resolve(name));
    }
    try (Safetensors weights = Safetensors.open(MODEL.resolve("weights.safetensors"))) {
      for (String name : weights.names()) {
        state.put(name, weights.read(name));
      }
    }
  }

  private Run segment(Map<String, Tensor> tensors, Object... more) throws IOException {
    Safetensors.write(folder.resolve("weights.safetensors"), tensors, Map.of("format", "pt"));
    Object[] arguments = new Object[more.length + 6];
    System.arraycopy(
        new Object[] {"segment", "-m", folder, STREET, "-o", folder}, 0, arguments, 0, 6);
    System.arraycopy(more, 0, arguments, 6, more.length);
    return InProcess.run(arguments);
  }

  @Test
  void whatIsTakenAndWhatIsNotKnownIsSaidOnce() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.forEach((name, value) -> tensors.put("ema." + name, value));
    state.forEach((name, value) -> tensors.put(name, value.copy()));
    tensors.keySet().remove("decode_head.w");
    Run plain = segment(tensors);
    // The whole network has more names than the one that lacks one.
    assertThat(plain.code()).isZero();
    assertThat(plain.errorLines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("tensors taken; prefix ema. cut"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("does not record D", "the preset paper", "\"preset\": \"paper\""));
    Path json = folder.resolve("model.json");
    Files.writeString(json, Files.readString(json).replaceFirst("\\{", "{\"preset\": \"paper\","));
    Run known = segment(state);
    assertThat(known.code()).isZero();
    assertThat(known.errorLines()).isEmpty();
  }

  @Test
  void aHeadAtRandomIsNamedWithItsSize() throws IOException {
    state.keySet().removeIf(name -> name.startsWith("decode_head.pixel_decoder."));
    Run refused = segment(state);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("missing (decode_head.pixel_decoder.", "--allow-missing");
    Run allowed = segment(state, "--allow-missing");
    assertThat(allowed.code()).isZero();
    assertThat(allowed.err())
        .containsPattern(
            "drawn at random: decode_head.pixel_decoder: 2\\d\\d tensors, \\d+,\\d+ parameters");
  }

  @Test
  void theKeyIsCheckedAgainstTheFile() throws IOException {
    Run refused = segment(state, "--weights-key", "teacher");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errorLines())
        .singleElement()
        .asString()
        .contains("weights.safetensors", "teacher");
  }
}
