package org.spike2former.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

class ReportTest {
  private static final TensorComparison GOOD =
      new TensorComparison(
          "backbone.x1", ComparisonKind.OUTPUT, 12, 2e-10, 1e-10, List.of(0, 1), 0, 0, true, "");
  private static final TensorComparison BAD =
      new TensorComparison(
          "backbone.x2",
          ComparisonKind.TRACE,
          4,
          Double.NaN,
          Double.NaN,
          List.of(3),
          0,
          0,
          false,
          "NaN or infinite");
  private static final TensorComparison SPIKES =
      new TensorComparison(
          "head.spike",
          ComparisonKind.SPIKES,
          100,
          1,
          0,
          List.of(2, 5),
          1,
          1,
          true,
          "near ties only");
  private static final Flip FLIP = new Flip("head.spike", List.of(2, 5), 3, 4, 3.5000001);
  private static final ParityReport REPORT =
      new ParityReport(
          "tiny",
          List.of(
              new Section("one", "scalar", 1e-9, List.of(GOOD, SPIKES), List.of(FLIP)),
              new Section("two", "vector", 1e-5, List.of(GOOD, BAD), List.of())));

  @Test
  void summaryHasTotalsFailuresAndFlips() {
    String line = "%-7s %-7s %7s %12s %12s %8s %9s %7s  %s";
    String row = "%-4s %-11s %-74s %10s %9s %9s %8s %9s  %s";
    assertThat(ReportText.summary(REPORT).lines())
        .containsExactly(
            "tiny: FAIL, 4 comparisons, 1 failed",
            "     head.spike [2, 5]: recorded 3, computed 4, potential 3.5000001, a near tie",
            "",
            "two, vector",
            String.format(
                row,
                "",
                "kind",
                "name",
                "elements",
                "max abs",
                "max rel",
                "flipped",
                "near ties",
                "worst at, note"),
            String.format(
                row, "FAIL", "trace", "backbone.x2", 4, "NaN", "NaN", 0, 0, "[3] NaN or infinite"),
            "",
            String.format(
                line,
                "section",
                "backend",
                "tensors",
                "max rel err",
                "spikes",
                "flipped",
                "near ties",
                "failed",
                "verdict"),
            String.format(line, "one", "scalar", 2, "1.0e-10", 100, 1, 1, 0, "pass"),
            String.format(line, "two", "vector", 2, "NaN", 0, 0, 0, 1, "FAIL"),
            "first difference: head.spike (spikes), one: 1 of 100 spikes at [2, 5]; all before it"
                + " agree, up to backbone.x1",
            "tiny: FAIL");
  }

  @Test
  void theHeadlineIsTheVerdictAlone() {
    assertThat(ReportText.headline(REPORT)).isEqualTo("tiny: FAIL, 4 comparisons, 1 failed\n");
  }

  @Test
  void fullTextHasEveryRow() {
    assertThat(ReportText.full(REPORT).lines().filter(line -> line.contains(" backbone.x1 ")))
        .hasSize(2)
        .allMatch(line -> line.startsWith("pass output") && line.endsWith("[0, 1]"));
  }

  @Test
  void jsonHasTotalsRowsAndFlips() throws IOException {
    JsonNode json = new ObjectMapper().readTree(ReportJson.render(REPORT));

    assertThat(json.get("folder").asText()).isEqualTo("tiny");
    assertThat(json.get("pass").asBoolean()).isFalse();
    JsonNode one = json.get("sections").get(0);
    assertThat(one.get("pass").asBoolean()).isTrue();
    assertThat(one.get("spikesCompared").asLong()).isEqualTo(100);
    assertThat(one.get("flipped").asLong()).isEqualTo(1);
    assertThat(one.get("nearTies").asLong()).isEqualTo(1);
    assertThat(one.get("failures").asLong()).isZero();
    assertThat(one.get("worstName").asText()).isEqualTo("backbone.x1");
    assertThat(one.get("worstError").asDouble()).isEqualTo(1e-10);
    assertThat(one.get("flips").get(0).get("potential").asDouble()).isEqualTo(3.5000001);
    assertThat(one.get("flips").get(0).get("at").toString()).isEqualTo("[2,5]");
    JsonNode spikes = one.get("rows").get(1);
    assertThat(spikes.get("kind").asText()).isEqualTo("spikes");
    assertThat(spikes.get("spikesCompared").asLong()).isEqualTo(100);
    JsonNode bad = json.get("sections").get(1).get("rows").get(1);
    assertThat(bad.get("maxRelError").asText()).isEqualTo("NaN");
    assertThat(bad.get("pass").asBoolean()).isFalse();
  }

  @Test
  void nothingComparedDoesNotPass() {
    assertThat(new ParityReport("x", List.of()).pass()).isFalse();
    assertThat(new Section("x", "", 0, List.of(), List.of()).pass()).isFalse();
  }
}
