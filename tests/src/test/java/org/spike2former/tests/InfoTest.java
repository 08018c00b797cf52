package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spike2former.model.ModelConfig;
import org.spike2former.model.Spike2Former;
import org.spike2former.tests.S2f.Run;

class InfoTest {
  @Test
  void countsThePublishedModels() throws IOException, InterruptedException {
    Run v2 = S2f.run(S2f.ROOT, "info", "ade20k-sdtv2-15m");
    assertThat(v2.code()).isZero();
    assertThat(v2.out()).contains("parameters: 34,361,112");
    Run v3 = S2f.run(S2f.ROOT, "info", "ade20k-sdtv3-19m", "--json");
    assertThat(v3.out()).contains("\"parameters\" : 38236408");
  }

  @Test
  void describesTheBundledModelAndItsCheckpoint() throws IOException, InterruptedException {
    Path model = S2f.ROOT.resolve("models/camvid-small");
    Run folder = S2f.run(S2f.ROOT, "info", model);
    assertThat(folder.out()).contains("parameters: 3,931,349", "F16", "backbone");
    Run file = S2f.run(S2f.ROOT, "info", model.resolve("weights.safetensors"), "--tensors");
    assertThat(file.out()).contains("backbone.downsample1_1.encode_conv.weight: F16 [16, 3, 7, 7]");
  }

  @Test
  void everyPublishedConfigurationBuilds() throws IOException {
    try (Stream<Path> files = Files.list(S2f.ROOT.resolve("configs/models"))) {
      List<Path> configs = files.toList();
      assertThat(configs).hasSize(27);
      for (Path config : configs) {
        Spike2Former network = new Spike2Former(ModelConfig.read(config));
        boolean small = config.endsWith("camvid-small.json");
        assertThat(network.parameters().count(""))
            .as(config.toString())
            .isGreaterThan(small ? 3_000_000 : 20_000_000);
      }
    }
  }
}
