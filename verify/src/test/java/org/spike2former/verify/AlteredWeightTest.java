package org.spike2former.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.Tolerances;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.folder.SyntheticFolder;
import org.spike2former.verify.report.ReportJson;
import org.spike2former.verify.report.ReportText;
import org.spike2former.verify.training.Feeding;

/** One weight whose mantissa differs in its last bit, against recordings of the authors' code. */
class AlteredWeightTest {
  private static final Path FIXTURE = Path.of("src/test/resources/fixtures/sdtv2_tiny");
  private static final ParityOptions FORCED =
      new ParityOptions(List.of(Precision.F64), Feeding.RECORDED, Tolerances.DEFAULT, true);

  @TempDir private Path folder;
  private final Workers workers = new Workers(2);

  @AfterEach
  void stopWorkers() {
    workers.close();
  }

  private Path altered(String name, int index) throws IOException {
    Path weights = folder.resolve("altered.safetensors");
    Files.write(weights, Files.readAllBytes(FIXTURE.resolve("weights.safetensors")));
    SyntheticFolder.rewrite(
        weights,
        tensors -> {
          float[] values = tensors.get(name).floats();
          values[index] = Float.intBitsToFloat(Float.floatToRawIntBits(values[index]) ^ 1);
        });
    return weights;
  }

  private ParityReport run(Path recordings, Path weights) throws IOException {
    try (FixtureFolder fixture = FixtureFolder.open(recordings, weights)) {
      return new ParityRun(fixture, Engine.of(Backend.AUTO, workers).inference())
          .run(FORCED, List.of());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "backbone.downsample1_1.encode_conv.weight, 10, backbone.ConvBlock1_1.0.Conv.spike1, ''",
    "backbone.block3.2.mlp.fc2_conv.weight, 100, backbone.block3.2,"
        + " backbone.block3.2.mlp.fc2_spike",
    "backbone.block4.1.attn.proj_conv.0.body.0.weight, 7, backbone.block4.1.attn,"
        + " backbone.block4.1.attn.attn_spike",
    "decode_head.transformer_decoder.layers.1.ffn.fc2.weight, 30,"
        + " decode_head.transformer_decoder.layers.1.ffn,"
        + " decode_head.transformer_decoder.layers.1.ffn.fc2_spike",
    "decode_head.mask_embed.fc_out.weight, 11, decode_head.mask_embed,"
        + " decode_head.mask_embed.spike2",
    "decode_head.w, 0, decode_head.mask_embed_spike, decode_head.shortcut_conv",
  })
  void theFirstBlockIsNamed(String weight, int index, String block, String previous)
      throws IOException {
    ParityReport report = run(FIXTURE, altered(weight, index));

    FirstDifference first = report.firstDifference();
    assertThat(first.row().name()).isEqualTo(block);
    assertThat(first.previous()).isEqualTo(previous);
    assertThat(first.row().maxRelError()).isBetween(1e-12, 1e-7);
    assertThat(first.row().details().worst().get(0).at()).isEqualTo(first.row().worst());
    assertThat(ReportJson.render(report)).contains("\"firstDifference\"");
  }

  @Test
  void theAuthorsWeightsShowNoneEvenWhenStrict() throws IOException {
    ParityOptions strict =
        new ParityOptions(
            List.of(Precision.F64, Precision.F32), Feeding.BOTH, Tolerances.STRICT, false);
    try (FixtureFolder fixture = FixtureFolder.open(FIXTURE)) {
      ParityReport report =
          new ParityRun(fixture, Engine.of(Backend.AUTO, workers).inference())
              .run(strict, List.of());

      assertThat(report.sections())
          .extracting(Section::title)
          .containsExactly(
              "float64 block by block",
              "float64 end to end",
              "float32 block by block",
              "float32 end to end");
      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      assertThat(report.firstDifference()).isNull();
    }
  }

  /**
   * Between this weight and the next recorded block there is a neuron, whose spikes stay the same.
   */
  @Test
  void meansOfPotentialsShowWhatSpikesHide() throws IOException {
    ParityReport report = run(FIXTURE, altered("backbone.ConvBlock1_1.0.conv1.weight", 0));

    FirstDifference first = report.firstDifference();
    assertThat(first.row().name()).isEqualTo("backbone.ConvBlock1_1.0.spike2");
    assertThat(first.row().kind()).isEqualTo(ComparisonKind.POTENTIAL);
    assertThat(report.sections().get(0).rows())
        .filteredOn(row -> row.maxRelError() > Tolerances.STRICT.f64() || row.flipped() > 0)
        .containsExactly(first.row());
  }
}
