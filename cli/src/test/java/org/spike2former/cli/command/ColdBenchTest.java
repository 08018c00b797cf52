package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.spike2former.cli.InProcess;

class ColdBenchTest {
  private static final Path MODEL = InProcess.ROOT.resolve("models/camvid-small");

  @Test
  void phasesAddUp() throws IOException {
    InProcess.Run run = InProcess.run("bench", "--cold", "--json", "-m", MODEL);
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode phases = new ObjectMapper().readTree(run.out()).get("phases");
    assertThat(phases)
        .extracting(phase -> phase.get("name").asText())
        .containsExactly(
            "start of the JVM, options", "model", "image", "network", "pictures", "all");
    for (String key : new String[] {"seconds", "cpu_seconds", "compiler_seconds"}) {
      double sum = 0;
      for (int i = 0; i < 5; i++) {
        sum += phases.get(i).get(key).asDouble();
      }
      assertThat(phases.get(5).get(key).asDouble()).isCloseTo(sum, within(1e-9));
    }
    assertThat(phases.get(3).get("seconds").asDouble()).isPositive();
  }

  @Test
  void aChartIsOfWarmRuns() {
    InProcess.Run run = InProcess.run("bench", "--cold", "--chart", "x.png", "-m", MODEL);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--chart").contains("--cold");
  }
}
