package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.TinyData;
import org.spike2former.data.ClassTable;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.run.ModelExport;

/** The commands on a model folder with an FPN. */
class FpnCommandsTest {
  private static final String MODEL =
      """
      {"backbone": {"type": "sdtv2", "embed_dims": [8, 8, 8, 16], "heads": 2, "mlp_ratio": 2,
        "time_steps": 2, "neuron": {"max_spikes": 8, "norm": 8}},
       "neck": {"type": "qfpn", "channels": 6, "neuron": {"max_spikes": 4, "norm": 4}},
       "head": {"type": "fpn", "classes": 2, "channels": 6, "strides": [4, 8, 16, 32],
        "neuron": {"max_spikes": 4, "norm": 4}}}
      """;

  private static final Path STREET = InProcess.ROOT.resolve("samples/street.jpg");

  @TempDir private static Path shared;
  private static Path model;
  private static Path data;
  @TempDir private Path folder;

  @BeforeAll
  static void write() throws IOException {
    data = TinyData.write(shared);
    model = shared.resolve("fpn");
    Path file = Files.writeString(shared.resolve("model.json"), MODEL);
    ModelConfig config = ModelConfig.read(file);
    Network network = Network.of(config);
    Initialiser.fill(network.parameters(), 2);
    SplittableRandom random = new SplittableRandom(4);
    network.parameters().all().forEach(parameter -> vary(parameter, random));
    ClassTable classes =
        new ClassTable(List.of("ground", "square"), ClassTable.vocPalette(2), 255, 1);
    new ModelExport(config, classes, Preprocessing.IMAGENET)
        .write(model, network.parameters().values(), Map.of());
  }

  /** Norms as of a trained network: without them few neurons fire. */
  private static void vary(Parameter parameter, SplittableRandom random) {
    if (parameter.name().endsWith("running_var")) {
      fill(parameter, random, 0.01, 0.2);
    } else if (parameter.name().endsWith(".bias")) {
      fill(parameter, random, -1, 1);
    }
  }

  private static void fill(Parameter parameter, SplittableRandom random, double from, double to) {
    double[] values = random.doubles(parameter.size(), from, to).toArray();
    parameter.set(Tensor.of(values, parameter.shape()).to(DType.F32));
  }

  private static String ok(Object... arguments) {
    Run run = InProcess.run(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run.out();
  }

  private JsonNode segment(Object... options) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("segment", STREET, "-m", model, "--json"));
    arguments.addAll(List.of("--digest", "--confidence", "-o", folder));
    arguments.addAll(List.of(options));
    return new ObjectMapper().readTree(ok(arguments.toArray())).findParent("digest");
  }

  @Test
  void photosAreSegmented() throws IOException {
    String digest = segment().get("digest").asText();
    assertThat(segment("--backend", "scalar", "--threads", "1").get("digest").asText())
        .isEqualTo(digest);
    assertThat(folder.resolve("street-confidence.png")).exists();
    assertThat(folder.resolve("street-labels.png")).exists();
    String integers =
        segment("--arithmetic", "integer", "--precision", "f64").get("digest").asText();
    JsonNode spikes = segment("--arithmetic", "spikes", "--precision", "f64");
    assertThat(spikes.get("digest").asText()).isEqualTo(integers);
    assertThat(segment("--weights", "int8").get("digest").asText()).isNotEqualTo(digest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"panoptic", "instance"})
  void whatTellsThingsApartIsRefused(String task) {
    String why = "its head has no queries, so this model does semantic segmentation alone";
    Run segment = InProcess.run("segment", STREET, "-m", model, "--task", task, "-o", folder);
    assertThat(segment.code()).isEqualTo(2);
    assertThat(segment.err()).contains("model.json: " + why);
    Run eval = InProcess.run("eval", model, "--data", data, "--split", "val", "--task", task);
    assertThat(eval.code()).isEqualTo(2);
    assertThat(eval.err()).contains("model.json: " + why + ", not task " + task);
  }

  @Test
  void itIsEvaluated() {
    assertThat(ok("eval", model, "--data", data, "--split", "val")).contains("mIoU", "square");
  }

  @Test
  void infoAndCostNameItsParts() {
    assertThat(ok("info", model))
        .contains("neck: ", "FPN head: ", "tasks: semantic", "preset: release")
        .doesNotContain("pixel decoder", "transformer decoder");
    assertThat(ok("cost", model, "--size", "64x96"))
        .contains("neck", "lateral_convs", "fpn_convs", "FPN head", "as inference runs it")
        .doesNotContain("query states", "semantic product");
  }

  @Test
  void firingIsCounted() throws IOException {
    ok("firing", model, "--data", shared.resolve("data/images/val"), "-o", folder);
    assertThat(Files.readString(folder.resolve("firing.csv")))
        .contains("neck.lateral_convs_spikes.0", "decode_head.scale_heads.3.4.0", "out_spike");
  }

  @Test
  void aDumpAgreesWithItself() {
    Path image = shared.resolve("data/images/val/0.png");
    ok("dump", model, image, "-o", folder.resolve("dump"));
    assertThat(ok("parity", folder.resolve("dump"), "--quiet")).contains("pass");
  }

  @Test
  void layersShareKernelsForFpgas() throws IOException {
    Path out = folder.resolve("out");
    String printed = ok("accel", "kernels", "--fpga", "-m", model, "-o", out);
    List<String> layers = Files.readAllLines(out.resolve("layers.csv"));
    List<String> estimates = Files.readAllLines(out.resolve("estimate.csv"));
    assertThat(printed)
        .contains(
            (estimates.size() - 1) + " kernels of " + (layers.size() - 1) + " layers;",
            " ms, one after the other at 200 MHz");
    Map<String, Long> used =
        layers.stream()
            .skip(1)
            .map(line -> line.split(",")[1])
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(used).hasSizeGreaterThan(10).hasSize(estimates.size() - 1);
    assertThat(estimates.stream().skip(1))
        .allSatisfy(
            line -> {
              String[] cells = line.split(",");
              assertThat(used.get(cells[0])).isEqualTo(Long.parseLong(cells[1]));
              assertThat(out.resolve(cells[0] + ".cl")).isRegularFile();
            });
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> !n.endsWith(".cl")))
          .containsExactlyInAnyOrder("layers.csv", "estimate.csv", "README.md", "s2f.h");
    }
  }
}
