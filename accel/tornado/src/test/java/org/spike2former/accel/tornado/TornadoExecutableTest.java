package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.EagerOps;
import org.spike2former.accel.Offload;
import org.spike2former.accel.Offloads;
import org.spike2former.accel.PlannedRunner;
import org.spike2former.accel.RunReport;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.WeightType;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class TornadoExecutableTest {
  /** TornadoVM's arrays have a header, which is sent along. */
  private static final int HEADER = 16;

  private static final Workers WORKERS = new Workers(1);
  private static final Ops CPU = Backends.create("scalar", DType.F32, WORKERS);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static Tensor random(long seed, int... shape) {
    Tensor x = Tensor.zeros(DType.F32, shape);
    Random random = new Random(seed);
    for (int i = 0; i < x.size(); i++) {
      x.floats()[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** Three task graphs, of which the second does not use what the first leaves for the third. */
  private static Tensor threeStages(Ops ops, Tensor x) {
    Tensor skip = ops.observe("backbone.x1", ops.multiply(x, 3));
    Tensor spikes = ops.spikes(x, 4, 0.25);
    Tensor y = ops.observe("backbone.x2", ops.multiply(spikes, 2));
    return ops.observe("backbone.x3", ops.add(skip, ops.subtract(y, x)));
  }

  @Test
  void arraysStayOnTheDeviceFromGraphToGraph() {
    try (PlannedRunner runner =
        new PlannedRunner(Offloads.open("tornado"), CPU, WeightType.FLOAT)) {
      for (int seed = 0; seed < 4; seed++) {
        Tensor x = random(seed, 2, 5, 13);
        Tensor found = runner.run("three", TornadoExecutableTest::threeStages, x);
        assertThat(found.bitEquals(threeStages(CPU, x))).isTrue();
      }
      RunReport report = new RunReport();
      runner.report(report);
      runner.run("three", TornadoExecutableTest::threeStages, random(9, 2, 5, 13));
      assertThat(report.launches()).hasSize(5);
      assertThat(report.launches()).allMatch(launch -> launch.nanoseconds() > 0);
      assertThat(report.bytesToDevice()).isEqualTo(130 * 4 + HEADER);
      assertThat(report.bytesToHost()).isEqualTo(130 * 4 + HEADER);
    }
  }

  @Test
  void whatIsSwitchedOffIsComputedOnTheCpuInTheMiddleOfAPlan() {
    System.setProperty("s2f.accel.disable", "SPIKES,ADD");
    try (PlannedRunner runner =
        new PlannedRunner(Offloads.open("tornado"), CPU, WeightType.FLOAT)) {
      for (int seed = 0; seed < 3; seed++) {
        Tensor x = random(seed, 2, 5, 13);
        Tensor found = runner.run("three", TornadoExecutableTest::threeStages, x);
        assertThat(found.bitEquals(threeStages(CPU, x))).isTrue();
      }
      RunReport report = new RunReport();
      runner.report(report);
      runner.run("three", TornadoExecutableTest::threeStages, random(9, 2, 5, 13));
      assertThat(report.launches()).hasSize(3);
    } finally {
      System.clearProperty("s2f.accel.disable");
    }
  }

  @Test
  void operationsOneByOneHaveTheBitsOfTheCpu() {
    try (Offload.Session session = Offloads.open("tornado")) {
      Ops eager = EagerOps.of(session, CPU);
      Tensor x = random(3, 2, 6, 10);
      assertThat(eager.softmax(x).bitEquals(CPU.softmax(x))).isTrue();
      Tensor spikes = eager.spikes(x, 4, 0.25);
      assertThat(spikes.bitEquals(CPU.spikes(x, 4, 0.25))).isTrue();
      assertThat(eager.slice(x, 0, 2).floats()).isSameAs(x.floats());
      assertThat(
              eager
                  .attention(spikes, spikes, spikes, 2, 0.5)
                  .bitEquals(CPU.attention(spikes, spikes, spikes, 2, 0.5)))
          .isTrue();
    }
  }
}
