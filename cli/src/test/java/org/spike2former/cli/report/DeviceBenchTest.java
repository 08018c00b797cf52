package org.spike2former.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.Device;
import org.spike2former.accel.DeviceCapabilities;
import org.spike2former.accel.Offload;
import org.spike2former.accel.Plan;
import org.spike2former.accel.PlannedRunner;
import org.spike2former.accel.Roof;
import org.spike2former.accel.RunReport;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** A device that computes nothing and takes 4 µs for each launch. */
class DeviceBenchTest {
  private static final long NANOSECONDS = 4000;

  /** 10⁹ bytes a second; operations cost nothing beside them. */
  private static final Roof ROOF = new Roof("a slow memory", 1e15, 1e15, 1e9, 1, "made up");

  private record Idle() implements Offload.Session {
    @Override
    public Device device() {
      return new Device(0, 0, "none", "idle", "GPU", 1, 1);
    }

    @Override
    public DeviceCapabilities capabilities() {
      return _ -> null;
    }

    @Override
    public Offload.Executable compile(Plan plan) {
      return new Offload.Executable() {
        @Override
        public Object run(List<Object> inputs) {
          return new float[plan.output().length()];
        }

        @Override
        public Object run(List<Object> inputs, RunReport report) {
          plan.steps().forEach(step -> report.launched(step, NANOSECONDS));
          return run(inputs);
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** A bench of the sum of two maps of 100 floats: 800 bytes read, 400 written. */
  private static DeviceBench bench(Roof roof) {
    try (Workers workers = new Workers(1)) {
      Ops host = Backends.create(Backend.SCALAR, Precision.F32, workers);
      Idle session = new Idle();
      try (PlannedRunner runner = new PlannedRunner(session, host, WeightType.FLOAT)) {
        DeviceBench bench = new DeviceBench(runner, session.device(), roof);
        Tensor one = Tensor.of(new float[100], 1, 10, 10, 1);
        Tensor other = Tensor.of(new float[100], 1, 10, 10, 1);
        bench.run((ops, x) -> ops.add(x, other), one, 1);
        return bench;
      }
    }
  }

  @Test
  void aRoofIsComparedWithWhatWasMeasured() {
    JsonNode json = bench(ROOF).json();
    assertThat(json.path("device").asText()).isEqualTo("a slow memory");
    JsonNode launch = json.path("launches").get(0);
    assertThat(launch.path("least_seconds").asDouble()).isCloseTo(1200 / 1e9, within(1e-15));
    assertThat(launch.path("share").asDouble()).isCloseTo(100 / (1200 / 1e9) / 1e15, within(1e-15));
    assertThat(launch.path("held_back_by").asText()).isEqualTo("memory");
    assertThat(text(bench(ROOF)))
        .contains("at least 0.001 ms in kernels on a slow memory")
        .contains("of roof")
        .containsPattern(" 0\\.0012 +0\\.3000 +add\n");
  }

  @Test
  void withoutARoofThereIsNothingToCompare() {
    DeviceBench bench = bench(null);
    assertThat(bench.json().has("device")).isFalse();
    assertThat(bench.json().path("launches").get(0).has("least_seconds")).isFalse();
    assertThat(text(bench)).doesNotContain("roof").contains("work-items");
  }

  private static String text(DeviceBench bench) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      bench.print(0);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
