package org.spike2former.accel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Move;
import org.spike2former.tensor.Tensor;

class MemoryPlanTest {
  /** Steps that write what two buffers hold, of whatever lengths, over each other. */
  private static List<Step> over(Buffer a, Buffer b, Buffer out) {
    return Stream.of(a, b)
        .map(x -> new Move.Copy(x, 0, Math.min(x.length(), out.length()), 0, out))
        .map(copy -> new Step("copy", copy))
        .toList();
  }

  private static Buffer floats(int length) {
    return Buffer.of(Buffer.Type.FLOATS, length);
  }

  @Test
  void laterBuffersTakeTheArraysOfThoseThatAreNoMoreNeeded() {
    Buffer input = floats(10);
    Buffer constant = Buffer.constant(new float[10]);
    Buffer a = floats(100);
    Buffer b = floats(60);
    Buffer c = floats(80);
    Buffer output = floats(10);
    Plan plan =
        new Plan(
            Stream.of(
                    over(input, constant, a),
                    over(a, a, b),
                    over(b, b, c),
                    over(c, constant, output))
                .flatMap(List::stream)
                .toList(),
            List.of(input),
            output,
            Tensor.of(new float[10], 10));
    MemoryPlan memory = new MemoryPlan(plan);
    assertThat(memory.allocation(c)).isSameAs(memory.allocation(a));
    assertThat(memory.allocation(b)).isNotSameAs(memory.allocation(a));
    assertThat(memory.allocation(input)).isNotSameAs(memory.allocation(output));
    assertThat(memory.allocation(input).length()).isEqualTo(10);
    assertThat(memory.bytes()).isEqualTo(4 * (10 + 10 + 100 + 60 + 10));
    assertThat(memory.largest()).isEqualTo(400);
    assertThat(memory.constants()).containsExactly(constant);
  }

  /** Runs random plans on numbers: a buffer must hold what was written until it is last read. */
  @Test
  void noStepOverwritesWhatALaterOneReads() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      Buffer input = floats(7);
      List<Buffer> buffers = new ArrayList<>(List.of(input));
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Buffer out = floats(1 + random.nextInt(50));
        Buffer a = buffers.get(random.nextInt(buffers.size()));
        Buffer b = buffers.get(buffers.size() - 1);
        steps.addAll(over(a, b, out));
        buffers.add(out);
      }
      Plan plan = new Plan(steps, List.of(input), buffers.getLast(), Tensor.of(new float[1], 1));
      MemoryPlan memory = new MemoryPlan(plan);
      Map<MemoryPlan.Allocation, Buffer> holds = new IdentityHashMap<>();
      holds.put(memory.allocation(input), input);
      Set<MemoryPlan.Allocation> all = new HashSet<>(memory.allocations());
      for (Step step : steps) {
        for (Buffer in : step.inputs()) {
          assertThat(holds.get(memory.allocation(in))).isSameAs(in);
          assertThat(memory.allocation(in)).isNotSameAs(memory.allocation(step.output()));
        }
        MemoryPlan.Allocation allocation = memory.allocation(step.output());
        assertThat(all).contains(allocation);
        assertThat(allocation.length()).isGreaterThanOrEqualTo(step.output().length());
        holds.put(allocation, step.output());
      }
      assertThat(holds.get(memory.allocation(plan.output()))).isSameAs(plan.output());
    }
  }

  @Test
  void aPlanThatIsTooLargeIsRefusedBeforeAnythingIsLaunched() {
    Buffer input = floats(1 << 20);
    Buffer output = floats(1 << 20);
    Plan plan = new Plan(over(input, input, output), List.of(input), output, null);
    MemoryPlan memory = new MemoryPlan(plan);
    memory.requireRoom(new Device(0, 0, "OpenCL", "roomy", "GPU", 8L << 20, 4L << 20), 0);
    Device small = new Device(0, 0, "OpenCL", "small", "GPU", 7L << 20, 4L << 20);
    assertThatThrownBy(() -> memory.requireRoom(small, 0))
        .isInstanceOf(OffloadException.class)
        .hasMessageContaining("small has 7 MiB")
        .hasMessageContaining("8 MiB are needed");
    Device pieces = new Device(0, 0, "OpenCL", "pieces", "GPU", 64L << 20, 3L << 20);
    assertThatThrownBy(() -> memory.requireRoom(pieces, 0)).hasMessageContaining("in one piece");
    Device shared = new Device(0, 0, "OpenCL", "shared", "GPU", 64L << 20, 64L << 20);
    memory.requireRoom(shared, 56L << 20);
    assertThatThrownBy(() -> memory.requireRoom(shared, 57L << 20))
        .hasMessageContaining("57 MiB in use");
  }
}
