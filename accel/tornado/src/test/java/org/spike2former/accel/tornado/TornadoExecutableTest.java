package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.EagerOps;
import org.spike2former.accel.Offload;
import org.spike2former.accel.Offloads;
import org.spike2former.accel.PlannedRunner;
import org.spike2former.accel.RunReport;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

class TornadoExecutableTest {
  /** TornadoVM's arrays have a header, which is sent along. */
  private static final int HEADER = 16;

  private static final Workers WORKERS = new Workers(1);
  private static final Ops CPU = Backends.create(Backend.SCALAR, Precision.F32, WORKERS);

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
    Tensor skip = ops.multiply(x, 3);
    ops.endStage(NetworkPart.BACKBONE, "backbone.x1");
    Tensor spikes = ops.spikes(x, 4, 0.25);
    Tensor y = ops.multiply(spikes, 2);
    ops.endStage(NetworkPart.BACKBONE, "backbone.x2");
    Tensor sum = ops.add(skip, ops.subtract(y, x));
    ops.endStage(NetworkPart.BACKBONE, "backbone.x3");
    return sum;
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
  void nothingIsReplayedWhereTornadoVmCannot() {
    System.setProperty(Replay.PROPERTY, "true");
    try {
      assertThatThrownBy(() -> Offloads.open("tornado"))
          .hasMessageStartingWith(
              "s2f.accel.replay: only PTX and CUDA replay launches, not OPENCL");
    } finally {
      System.clearProperty(Replay.PROPERTY);
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

  /** Task graphs of several plans have the same names and kernels. */
  @Test
  void plansAreKeptApart() {
    try (PlannedRunner runner =
        new PlannedRunner(Offloads.open("tornado"), CPU, WeightType.FLOAT)) {
      for (int round = 0; round < 2; round++) {
        for (int factor = 2; factor < 5; factor++) {
          Tensor x = random(factor, 2, 3 + 5 * factor, 7 * factor);
          int times = factor;
          Program program = (ops, input) -> ops.softmax(ops.multiply(input, times));
          Tensor found = runner.run(factor == 4 ? "other" : "scaled", program, x);
          assertThat(found.bitEquals(program.run(CPU, x))).isTrue();
        }
      }
    }
  }

  /** More steps than a task graph takes, all of which write parts of one array. */
  @Test
  void anArrayMayBeWrittenByTwoGraphs() {
    try (PlannedRunner runner =
        new PlannedRunner(Offloads.open("tornado"), CPU, WeightType.FLOAT)) {
      for (int seed = 0; seed < 2; seed++) {
        Tensor x = random(seed, 2, 3);
        Tensor found = runner.run("repeat", (ops, input) -> ops.repeat(input, 70), x);
        assertThat(found.bitEquals(CPU.repeat(x, 70))).isTrue();
      }
    }
  }

  @Test
  void inputsAndConstantsMayBeTheResult() {
    Tensor x = random(1, 2, 3);
    Tensor y = random(2, 4);
    try (PlannedRunner runner =
        new PlannedRunner(Offloads.open("tornado"), CPU, WeightType.FLOAT)) {
      assertThat(runner.run("input", (_, input) -> input.reshape(6), x).bitEquals(x.reshape(6)))
          .isTrue();
      Tensor found = runner.run("constant", (ops, _) -> ops.multiply(y, 2), x);
      assertThat(found.bitEquals(CPU.multiply(y, 2))).isTrue();
    }
  }

  @Test
  void anUnknownOperationThatIsSwitchedOffIsNamed() {
    System.setProperty("s2f.accel.disable", "SPIKES,SPINS");
    try {
      assertThatThrownBy(() -> Offloads.open("tornado"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("s2f.accel.disable: expected operations such as DENSE")
          .hasMessageEndingWith("found SPINS");
    } finally {
      System.clearProperty("s2f.accel.disable");
    }
  }

  @Test
  void operationsOneByOneHaveTheBitsOfTheCpu() {
    try (Offload.Session session = Offloads.open("tornado");
        EagerOps eager = new EagerOps(session, CPU)) {
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
