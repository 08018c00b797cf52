package org.spike2former.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.io.Safetensors;

/** The service with a model that has no queries. */
class FpnServiceTest {
  private static final String MODEL =
      """
      {"backbone": {"type": "sdtv2", "embed_dims": [8, 8, 8, 16], "heads": 2, "mlp_ratio": 2,
        "time_steps": 1, "neuron": {"max_spikes": 8, "norm": 8}},
       "neck": {"type": "qfpn", "channels": 6, "neuron": {"max_spikes": 4, "norm": 4}},
       "head": {"type": "fpn", "classes": 11, "channels": 6, "strides": [4, 8, 16, 32],
        "neuron": {"max_spikes": 4, "norm": 4}}}
      """;

  @TempDir private static Path folder;
  private static TestService service;

  @BeforeAll
  static void start() throws IOException {
    String model = model(folder).toString();
    service = TestService.start(1, 4, 1 << 20, Duration.ofMinutes(1), model);
  }

  /** A folder, called fpn, with a model that has no queries. */
  static Path model(Path folder) throws IOException {
    Path model = Files.createDirectories(folder.resolve("fpn"));
    Path things = TestService.ROOT.resolve("models/camvid-panoptic");
    for (String name : List.of("classes.json", "preprocess.json")) {
      Files.copy(things.resolve(name), model.resolve(name));
    }
    Network network =
        Network.of(ModelConfig.read(Files.writeString(model.resolve("model.json"), MODEL)));
    Initialiser.fill(network.parameters(), 1);
    Safetensors.write(
        model.resolve("weights.safetensors"), network.parameters().values(), Map.of());
    return model;
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static JsonNode post(String path, int status) throws Exception {
    HttpResponse<byte[]> response = service.post(path, TestService.sample("street.jpg"));
    JsonNode json = TestService.json(response);
    assertThat(response.statusCode()).as(json.toString()).isEqualTo(status);
    return json;
  }

  @Test
  void photosAreSegmented() throws Exception {
    assertThat(post("/v1/segment?confidence=true&labels=true", 200).get("digest").asText())
        .hasSize(64);
    JsonNode firing = post("/v1/firing", 200);
    assertThat(firing.findValuesAsText("part")).contains("neck", "FPN head");
    assertThat(post("/v1/spikes?layer=neck.fpn_convs_spikes.1", 200).get("of").asText())
        .isEqualTo("places");
    JsonNode listed = TestService.json(service.get("/v1/models")).at("/models/0");
    assertThat(listed.get("queries").asInt()).isZero();
    assertThat(listed.get("tasks")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/queries", "/v1/segment?task=panoptic", "/v1/segment?task=instance"})
  void whatNeedsQueriesIsRefused(String path) throws Exception {
    assertThat(post(path, 422).get("detail").asText())
        .isEqualTo(
            "the head of model fpn has no queries, so this model does semantic segmentation"
                + " alone");
  }
}
