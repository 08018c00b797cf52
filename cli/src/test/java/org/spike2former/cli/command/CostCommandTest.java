package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

class CostCommandTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-9);

  @TempDir private Path folder;

  @Test
  void printsTheReferenceCounts() throws IOException {
    Run run = InProcess.run("cost", "ade20k-sdtv2-15m");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(" 73\\.64\\d +34,361,112 +in all")
        .containsPattern(" 6\\.600 .* block3")
        .containsPattern(" 15\\.231 .* pixel decoder");
  }

  /** From the counts that it prints. */
  @Test
  void energyFollowsTheFormula() throws IOException {
    JsonNode node =
        json("cost", InProcess.ROOT.resolve("models/camvid"), "--mean-k", "2", "--json");
    double energy = 0;
    for (JsonNode layer : node.get("layers")) {
      double macs = layer.get("macs").asDouble();
      energy += 1e-9 * (layer.get("neuron").isNull() ? 4.6 * macs : 0.9 * 2 * macs);
    }
    JsonNode all = node.get("all_states");
    assertThat(all.get("energy_mj").asDouble()).isCloseTo(energy, CLOSE);
    assertThat(all.get("ann_energy_mj").asDouble())
        .isCloseTo(4.6e-9 * all.get("macs").asDouble(), CLOSE);
    assertThat(node.get("inference").get("macs").asLong()).isLessThan(all.get("macs").asLong());
  }

  @Test
  void measuresRatesOverImages() throws IOException {
    Object model = InProcess.ROOT.resolve("models/camvid");
    JsonNode node = json("cost", model, "--data", InProcess.ROOT.resolve("samples"), "--json");
    assertThat(node.get("size").asText()).isEqualTo("180×240");
    assertThat(node.get("rates").asText()).contains("3 images");
    double ratio =
        node.get("inference").get("energy_mj").asDouble()
            / node.get("inference").get("ann_energy_mj").asDouble();
    assertThat(ratio).isBetween(0.05, 0.3);
  }

  private JsonNode json(Object... arguments) throws IOException {
    Run run = InProcess.run(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void costsAreReadFromAFile() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(
        file, "{\"name\": \"mine\", \"mac_pj\": 1, \"ac_pj\": 1, \"source\": \"none\"}");
    Run run = InProcess.run("cost", "camvid-small", "--size", "180x240", "--costs", file);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("mine: E_MAC 1.0 pJ, E_AC 1.0 pJ", "as an ANN 1.639 mJ");
  }

  @Test
  void badInputIsRefusedInALine() throws IOException {
    refused("expected HxW such as 512x512", "cost", "camvid-small", "--size", "big");
    refused("sides need 16 pixels", "cost", "camvid-small", "--size", "8x512");
    refused("neither a file or folder nor a name", "cost", "no-such-model");
    String text = "{\"name\": \"x\",\n\"mac_pj\": -1, \"ac_pj\": 1, \"source\": \"y\"}";
    Path bad = Files.writeString(folder.resolve("bad.json"), text);
    refused("bad.json: line 2: mac_pj: expected a number", "cost", "camvid-small", "--costs", bad);
    Path data = Files.createDirectory(folder.resolve("empty"));
    Object model = InProcess.ROOT.resolve("models/camvid");
    refused("empty: holds no images", "cost", model, "--data", data);
    refused("go with --data", "cost", model, "--limit", "3");
  }

  private void refused(String message, Object... arguments) throws IOException {
    Run run = InProcess.run(arguments);
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains(message);
  }
}
