package org.spike2former.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.Preset;

class ModelInfoTest {
  @Test
  void countsThePublishedModels() throws IOException {
    Run v2 = InProcess.run("info", "ade20k-sdtv2-15m");
    assertThat(v2.code()).isZero();
    assertThat(v2.out()).contains("parameters: 34,361,112");
    Run v3 = InProcess.run("info", "ade20k-sdtv3-19m", "--json");
    assertThat(v3.out()).contains("\"parameters\" : 38236408");
  }

  @Test
  void describesTheBundledModelAndItsCheckpoint() throws IOException {
    Path model = InProcess.ROOT.resolve("models/camvid-small");
    Run folder = InProcess.run("info", model);
    assertThat(folder.out()).contains("parameters: 3,931,349", "F16", "backbone");
    Run file = InProcess.run("info", model.resolve("weights.safetensors"), "--tensors");
    assertThat(file.out()).contains("backbone.downsample1_1.encode_conv.weight: F16 [16, 3, 7, 7]");
  }

  @Test
  void namesThePreset() throws IOException {
    Run paper = InProcess.run("info", "voc2012-sdtv3-19m");
    assertThat(paper.out())
        .contains(
            "preset: paper, D = 4, norm = D",
            "as the published code trains it: voc2012-sdtv3-19m-release (150 classes)");
    Run release = InProcess.run("info", "voc2012-sdtv3-19m-release");
    assertThat(release.out()).contains("preset: release, D = 4 in the backbone, 8, norm = D");
  }

  /** Trainable parameters, counted by PyTorch in a module tree with the authors' names. */
  @ParameterizedTest
  @CsvSource({
    "ade20k-sdtv2-15m, 34361112, paper",
    "ade20k-sdtv2-15m-release, 34361112, release",
    "ade20k-sdtv2-31m, 50522160, paper",
    "ade20k-sdtv2-55m, 74448176, paper",
    "ade20k-sdtv3-5m, 24450832, paper",
    "ade20k-sdtv3-10m, 29346960, paper",
    "ade20k-sdtv3-19m, 38236408, paper",
    "ade20k-sdtv3-19m-release, 38236408, release",
    "camvid-small, 3931349, paper",
    "ade20k-fpn-sdtv2-15m, 16472190, release",
    "ade20k-fpn-sdtv3-10m, 11480566, paper",
    "ade20k-fpn-sdtv3-19m, 20347486, paper",
    "cityscapes-sdtv2-15m, 37491605, paper",
    "cityscapes-sdtv2-15m-release, 37491605, release",
    "cityscapes-sdtv2-31m, 53652653, paper",
    "cityscapes-sdtv2-55m, 77578669, paper",
    "cityscapes-sdtv3-5m, 24417165, paper",
    "cityscapes-sdtv3-10m, 29313293, paper",
    "cityscapes-sdtv3-19m, 38202741, paper",
    "cityscapes-sdtv3-19m-release, 38202741, release",
    "coco-panoptic-sdtv2-15m, 34356743, paper",
    "coco-panoptic-sdtv2-31m, 50517791, paper",
    "coco-panoptic-sdtv2-55m, 74443807, paper",
    "coco-panoptic-sdtv3-5m, 24446463, paper",
    "coco-panoptic-sdtv3-10m, 29342591, paper",
    "coco-panoptic-sdtv3-19m, 38232039, paper",
    "coco-stuff-sdtv2-15m-t4, 34366509, paper",
    "coco-stuff-sdtv2-15m-t4-release, 34366509, release",
    "pascal-context-59-sdtv2-15m, 34337725, paper",
    "voc2012-sdtv2-15m, 34327959, paper",
    "voc2012-sdtv2-15m-release, 34361112, release",
    "voc2012-sdtv2-31m, 50489007, paper",
    "voc2012-sdtv2-55m, 74415023, paper",
    "voc2012-sdtv3-5m, 24417679, paper",
    "voc2012-sdtv3-10m, 29313807, paper",
    "voc2012-sdtv3-19m, 38203255, paper",
    "voc2012-sdtv3-19m-release, 38236408, release",
  })
  void publishedConfigurationsHaveTheirNumbers(String name, long parameters, String preset)
      throws IOException {
    ModelConfig config =
        ModelConfig.read(InProcess.ROOT.resolve("configs/models/" + name + ".json"));
    assertThat(Network.of(config).parameters().count("")).isEqualTo(parameters);
    assertThat(Preset.of(config).map(Preset::toString)).contains(preset);
    // A paper's configuration is a choice, so it claims nothing about the weights next to it.
    assertThat(config.preset()).isEqualTo(preset.equals("release") ? "release" : null);
  }

  @Test
  void everyPublishedConfigurationIsCounted() throws IOException {
    try (Stream<Path> files = Files.list(InProcess.ROOT.resolve("configs/models"))) {
      assertThat(files).hasSize(37);
    }
  }
}
