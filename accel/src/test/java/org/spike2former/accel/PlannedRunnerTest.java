package org.spike2former.accel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Operation;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

class PlannedRunnerTest {
  private static final Workers WORKERS = new Workers(1);
  private static final Ops CPU = Backends.create(Backend.SCALAR, Precision.F32, WORKERS);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  /** A device that claims to have a kernel for sums and finds that it does not compile. */
  private static final class Broken implements Offload.Session {
    private final Set<Operation.Kind> claimed = EnumSet.of(Operation.Kind.ADD);
    private final boolean learns;
    private final List<Plan> compiled = new ArrayList<>();
    private int open;
    private int room = Integer.MAX_VALUE;
    private Throwable failure;

    Broken(boolean learns) {
      this.learns = learns;
    }

    @Override
    public Device device() {
      return new Device(0, 0, "none", "broken", "GPU", 0, 0);
    }

    @Override
    public DeviceCapabilities capabilities() {
      return operation -> claimed.contains(operation) ? null : "there is no kernel";
    }

    @Override
    public Offload.Executable compile(Plan plan) {
      for (Step step : plan.steps()) {
        if (step.kind() == Operation.Kind.ADD) {
          if (learns) {
            claimed.clear();
          }
          throw new KernelException("the kernel of " + step, Operation.Kind.ADD, null);
        }
      }
      if (open >= room) {
        throw new NoRoomException("room for " + room);
      }
      compiled.add(plan);
      open++;
      return new OnHost(plan, () -> open--, this);
    }

    @Override
    public void close() {
      assertThat(open).isZero();
    }
  }

  /** Runs plans of the host's steps. */
  private record OnHost(Plan plan, Runnable closed, Broken session) implements Offload.Executable {
    @Override
    public Object run(List<Object> inputs) {
      if (session.failure instanceof Error error) {
        throw error;
      }
      if (session.failure instanceof RuntimeException exception) {
        throw exception;
      }
      Map<Buffer, Object> arrays = new IdentityHashMap<>();
      for (int i = 0; i < inputs.size(); i++) {
        arrays.put(plan.inputs().get(i), inputs.get(i));
      }
      for (Step step : plan.steps()) {
        HostCall call = (HostCall) step.operation();
        arrays.put(
            call.output(), call.function().apply(call.inputs().stream().map(arrays::get).toList()));
      }
      return arrays.get(plan.output());
    }

    @Override
    public Object run(List<Object> inputs, RunReport report) {
      return run(inputs);
    }

    @Override
    public void close() {
      closed.run();
    }
  }

  private static Tensor twice(Ops ops, Tensor x) {
    return ops.multiply(ops.add(x, x), 0.5);
  }

  private static Tensor ramp(int... shape) {
    Tensor x = Tensor.zeros(DType.F32, shape);
    for (int i = 0; i < x.size(); i++) {
      x.floats()[i] = i + 0.25f;
    }
    return x;
  }

  @Test
  void aKernelThatDoesNotCompileIsLeftToTheCpu() {
    try (PlannedRunner runner = new PlannedRunner(new Broken(true), CPU, WeightType.FLOAT)) {
      Tensor x = ramp(3, 5);
      Tensor found = runner.run("twice", PlannedRunnerTest::twice, x);
      assertThat(found.bitEquals(x)).isTrue();
    }
  }

  @Test
  void aDeviceThatDoesNotLearnIsGivenUp() {
    try (PlannedRunner runner = new PlannedRunner(new Broken(false), CPU, WeightType.FLOAT)) {
      assertThatThrownBy(() -> runner.run("twice", PlannedRunnerTest::twice, ramp(2)))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("the kernel of ADD");
    }
  }

  @Test
  void plansAreKeptByProgramAndShapeAndTheOldestAreClosed() {
    Broken session = new Broken(true);
    try (PlannedRunner runner = new PlannedRunner(session, CPU, WeightType.FLOAT)) {
      for (int round = 0; round < 2; round++) {
        for (int size = 1; size <= 3; size++) {
          runner.run("twice", PlannedRunnerTest::twice, ramp(size));
        }
      }
      assertThat(session.compiled).hasSize(3);
      runner.run("other", PlannedRunnerTest::twice, ramp(1));
      runner.run("twice", PlannedRunnerTest::twice, ramp(9));
      assertThat(session.open).isEqualTo(4);
      runner.run("twice", PlannedRunnerTest::twice, ramp(1));
      assertThat(session.compiled).hasSize(6);
    }
  }

  /** Their scale and greatest spike are folded into a plan. */
  @Test
  void spikesOfAnotherKindMakeAnotherPlan() {
    Broken session = new Broken(true);
    Program program = (ops, x) -> ops.multiply(x, 2);
    try (PlannedRunner runner = new PlannedRunner(session, CPU, WeightType.FLOAT)) {
      Tensor quarters = Tensor.spikes(new byte[] {0, 4, 1}, 0.25, 3);
      Tensor ones = Tensor.spikes(new byte[] {0, 4, 1}, 1, 3);
      Tensor real = Tensor.of(new float[] {0, 4, 1}, 3);
      for (Tensor x : List.of(quarters, ones, real, quarters)) {
        assertThat(runner.run("twice", program, x).bitEquals(program.run(CPU, x))).isTrue();
      }
      assertThat(session.compiled).hasSize(3);
    }
  }

  /** Nobody knows what it left on the device. */
  @Test
  void aPlanWhoseRunFailedIsMadeAnew() {
    Broken session = new Broken(true);
    try (PlannedRunner runner = new PlannedRunner(session, CPU, WeightType.FLOAT);
        EagerOps eager = new EagerOps(session, CPU)) {
      runner.run("twice", PlannedRunnerTest::twice, ramp(2));
      eager.sigmoid(ramp(2));
      for (Throwable failure : List.of(new OffloadException("lost"), new OutOfMemoryError("no"))) {
        session.failure = failure;
        assertThatThrownBy(() -> runner.run("twice", PlannedRunnerTest::twice, ramp(2)))
            .isSameAs(failure);
        assertThatThrownBy(() -> eager.sigmoid(ramp(2))).isSameAs(failure);
        assertThat(session.open).isZero();
        session.failure = null;
        assertThat(runner.run("twice", PlannedRunnerTest::twice, ramp(2)).bitEquals(ramp(2)))
            .isTrue();
        assertThat(eager.sigmoid(ramp(2)).bitEquals(CPU.sigmoid(ramp(2)))).isTrue();
        assertThat(session.open).isEqualTo(2);
      }
    }
  }

  @Test
  void kindsAndSizesBothTellProgramsApart() {
    Broken session = new Broken(true);
    try (PlannedRunner runner = new PlannedRunner(session, CPU, WeightType.FLOAT)) {
      for (String kind : List.of("a", "b")) {
        for (int size : new int[] {2, 3}) {
          Program program = (ops, x) -> ops.multiply(x, size);
          Tensor found = runner.run(kind, size, program, ramp(2));
          assertThat(found.bitEquals(CPU.multiply(ramp(2), size))).isTrue();
        }
      }
      assertThat(session.compiled).hasSize(4);
    }
  }

  @Test
  void operationsOneByOneGiveBackWhatTheirPlansHold() {
    Broken session = new Broken(true);
    try (EagerOps eager = new EagerOps(session, CPU)) {
      assertThat(eager.add(ramp(3), ramp(3)).floats()).containsExactly(0.5f, 2.5f, 4.5f);
      eager.add(ramp(3), ramp(3));
      eager.sigmoid(ramp(3));
      assertThat(session.open).isEqualTo(2);
    }
    assertThat(session.open).isZero();
  }

  @Test
  void olderPlansMakeRoom() {
    Broken session = new Broken(true);
    session.room = 2;
    try (PlannedRunner runner = new PlannedRunner(session, CPU, WeightType.FLOAT)) {
      for (int size = 1; size <= 4; size++) {
        assertThat(runner.run("twice", PlannedRunnerTest::twice, ramp(size)).size())
            .isEqualTo(size);
      }
      assertThat(session.open).isEqualTo(2);
    }
    session.room = 0;
    try (PlannedRunner runner = new PlannedRunner(session, CPU, WeightType.FLOAT)) {
      assertThatThrownBy(() -> runner.run("twice", PlannedRunnerTest::twice, ramp(1)))
          .hasMessage("room for 0");
    }
  }
}
