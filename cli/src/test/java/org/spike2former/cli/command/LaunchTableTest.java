package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

/** The launches of the bundled model on a described device; TornadoVM is not there. */
class LaunchTableTest {
  private static final String SAMPLE = InProcess.ROOT.resolve("samples/street.jpg").toString();

  private static Run bench(String... options) {
    Object[] command = new Object[options.length + 2];
    command[0] = "bench";
    command[1] = SAMPLE;
    System.arraycopy(options, 0, command, 2, options.length);
    return InProcess.run(command);
  }

  @Test
  void totalsAreThoseOfTheLaunches() throws Exception {
    Run run = bench("--device", "nvidia-h100-sxm", "--json");
    assertThat(run.code()).isZero();
    JsonNode table = new ObjectMapper().readTree(run.out());
    JsonNode launches = table.path("launches");
    assertThat(launches).hasSize(table.path("launch_count").asInt()).hasSizeLessThan(251);
    for (String key : new String[] {"read_bytes", "written_bytes", "operations"}) {
      long sum = 0;
      for (JsonNode launch : launches) {
        sum += launch.path(key).asLong();
      }
      assertThat(table.path(key).asLong()).as(key).isEqualTo(sum).isPositive();
    }
    double seconds = 0;
    for (JsonNode launch : launches) {
      seconds += launch.path("least_seconds").asDouble();
    }
    assertThat(table.path("least_seconds").asDouble()).isCloseTo(seconds, within(1e-12));
  }

  /** 180 × 240 × 3 floats, a window of 7 × 7 with a stride of 2, 16 channels. */
  @Test
  void theFirstLayerByHand() throws Exception {
    Run run = bench("--device", "nvidia-h100-sxm", "--json");
    JsonNode first = new ObjectMapper().readTree(run.out()).path("launches").get(0);
    int outputs = 90 * 120 * 16;
    assertThat(first.path("read_bytes").asLong())
        .isEqualTo(4L * (180 * 240 * 3 + 7 * 7 * 3 * 16 + 16));
    assertThat(first.path("written_bytes").asLong()).isEqualTo(4L * outputs + outputs);
    assertThat(first.path("operations").asLong()).isEqualTo(2L * outputs * 7 * 7 * 3);
    assertThat(first.path("work_items").asInt()).isEqualTo(90 * 120 / 4 * 16);
    assertThat(first.path("least_seconds").asDouble())
        .isCloseTo(2.0 * outputs * 7 * 7 * 3 / 66.9e12, within(1e-12));
    assertThat(first.path("held_back_by").asText()).isEqualTo("operations");
  }

  @Test
  void rowsAreForPeopleAndNamesAreChecked() {
    Run run = bench("--device", "nvidia-a100-sxm", "--rows", "3", "--weights", "int8");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize(6);
    assertThat(run.out()).contains("NVIDIA A100 SXM 80 GB").contains("int8_dense");
    Run other = bench("--device", "nosuch");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.errorLines())
        .singleElement()
        .asString()
        .contains("nosuch: no such description of a device; there are nvidia-a100-sxm");
  }
}
