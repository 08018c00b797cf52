package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

class FiringCommandTest {
  private static final Path MODEL = InProcess.ROOT.resolve("models/camvid");
  private static final String LAYER = "backbone.block3.0.attn.head_spike";

  @TempDir private Path folder;

  @Test
  void writesTablesPlotsAndMaps() throws IOException {
    Path out = folder.resolve("out");
    Path samples = InProcess.ROOT.resolve("samples");
    Run run =
        InProcess.run(
            "firing", MODEL, "--data", samples, "-o", out, "--release-csv", "--maps", LAYER);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains(LAYER, "3 images");
    assertThat(names(out))
        .containsExactlyInAnyOrder(
            "firing.json", "firing.csv", "fr_rate.csv", "rates.png", "channels.png", "maps");
    assertThat(names(out.resolve("maps"))).containsExactly("dusk-" + LAYER + ".png");
    // A row for each layer.
    int height = ImageIO.read(out.resolve("rates.png").toFile()).getHeight();

    JsonNode report = new ObjectMapper().readTree(out.resolve("firing.json").toFile());
    List<String> release = Files.readAllLines(out.resolve("fr_rate.csv"));
    assertThat(release.get(0)).isEqualTo(",T");
    assertThat(release).hasSize(1 + report.get("layers").size());
    assertThat(height).isGreaterThan(18 * report.get("layers").size());
    assertThat(Files.readAllLines(out.resolve("firing.csv"))).hasSameSizeAs(release);
    for (JsonNode layer : report.get("layers")) {
      long neurons = 0;
      long spikes = 0;
      for (int k = 0; k <= 4; k++) {
        long count = layer.get("histogram").get(k).asLong();
        neurons += count;
        spikes += k * count;
      }
      assertThat(layer.get("rate").asDouble()).isEqualTo((double) spikes / neurons / 4);
      assertThat(neurons % (3 * layer.get("channels").asLong())).isZero();
    }
  }

  @Test
  void warnsOfLayersThatNearlyCeaseToFire() throws IOException {
    Path street = InProcess.ROOT.resolve("samples/street.jpg");
    Run run = InProcess.run("firing", MODEL, "--data", street, "--degraded", "0.06");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("spike degradation: R below 6.000 % in")
        .containsPattern("  decode_head\\S+self_attn.attn.attn_spike: R [0-5]\\.\\d+ %");
    Run none = InProcess.run("firing", MODEL, "--data", street, "--degraded", "0");
    assertThat(none.out()).doesNotContain("spike degradation");
  }

  @Test
  void badInputIsRefusedInALine() throws IOException {
    Path street = InProcess.ROOT.resolve("samples/street.jpg");
    Path out = folder.resolve("out");
    refused("no images: --data says where they are", "firing", MODEL);
    refused("none.jpg: no such file", "firing", MODEL, "--data", folder.resolve("none.jpg"));
    refused("--maps need --output", "firing", MODEL, "--data", street, "--maps", LAYER);
    refused(
        "has no neuron layer nowhere",
        "firing",
        MODEL,
        "--data",
        street,
        "-o",
        out,
        "--maps",
        "nowhere");
    refused(
        "fires for queries, not for places",
        "firing",
        MODEL,
        "--data",
        street,
        "-o",
        out,
        "--maps",
        LAYER + ",decode_head.mask_embed_spike");
    Path same = Files.createDirectory(folder.resolve("other")).resolve("street.jpg");
    Files.copy(street, same);
    refused(
        "would both be written as maps/street-*.png",
        "firing",
        MODEL,
        "-o",
        out,
        "--maps",
        LAYER,
        "--map-images",
        2,
        "--data",
        street,
        same);
    Path text = Files.writeString(folder.resolve("text.png"), "not an image");
    refused("text.png: not an image", "firing", MODEL, "--data", street, text);
    assertThat(out).doesNotExist();
  }

  private void refused(String message, Object... arguments) throws IOException {
    Run run = InProcess.run(arguments);
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains(message);
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
