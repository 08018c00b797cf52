package org.spike2former.accel.tornado;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.accel.Device;
import org.spike2former.accel.MemoryPlan;
import org.spike2former.accel.Offload;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.Plan;
import org.spike2former.accel.RunReport;
import org.spike2former.accel.Step;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.tornado.kernels.KernelTable;
import org.spike2former.accel.tornado.kernels.Launch;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/**
 * A plan as task graphs, one for each {@link PlanSegment}. Arrays stay on the device from graph to
 * graph; the host sends inputs and gets the output, and what its own steps read and write.
 */
final class TornadoExecutable implements Offload.Executable {
  private static final Logger LOG = LoggerFactory.getLogger(TornadoExecutable.class);

  private final Plan plan;
  private final MemoryPlan memory;
  private final Runnable closed;
  private final DeviceArrays arrays;
  private final List<PlanSegment> segments;
  private final Map<PlanSegment, Integer> graphs = new IdentityHashMap<>();
  private final GridScheduler grids = new GridScheduler();
  private final TornadoExecutionPlan execution;
  private final boolean replays;

  /** Makes the task graphs. */
  TornadoExecutable(Plan plan, MemoryPlan memory, Device device, Lanes lanes) {
    this(plan, memory, device, lanes, () -> {});
  }

  /**
   * Makes the task graphs.
   *
   * @param lanes how kernels share out channels
   * @param closed called when the device's memory is free again
   */
  TornadoExecutable(Plan plan, MemoryPlan memory, Device device, Lanes lanes, Runnable closed) {
    this.plan = plan;
    this.memory = memory;
    this.closed = closed;
    this.arrays = new DeviceArrays(memory, lanes);
    this.segments = PlanSegment.of(plan);
    this.replays = Replay.isWanted();
    List<ImmutableTaskGraph> made = new ArrayList<>();
    Set<Object> onDevice = Collections.newSetFromMap(new IdentityHashMap<>());
    boolean any = false;
    for (int i = 0; i < segments.size(); i++) {
      PlanSegment segment = segments.get(i);
      if (!segment.isHost()) {
        graphs.put(segment, made.size());
        TaskGraph graph = new TaskGraph("g" + made.size());
        any |= fill(graph, i, made.size(), onDevice);
        made.add(graph.snapshot());
      }
    }
    this.execution =
        made.isEmpty() ? null : new TornadoExecutionPlan(made.toArray(new ImmutableTaskGraph[0]));
    if (execution != null) {
      execution.withDevice(TornadoDevices.of(device));
      if (any) {
        execution.withGridScheduler(grids);
      }
      if (replays) {
        execution.withCUDAGraph();
      }
    }
  }

  /**
   * Fills a task graph.
   *
   * <p>TornadoVM hands arrays from a graph to the next one that runs, so each takes and keeps all.
   *
   * @param segment index of the segment
   * @param number of the graph
   * @param onDevice arrays that the graph before leaves on the device
   * @return whether a task has a grid of its own
   */
  private boolean fill(TaskGraph graph, int segment, int number, Set<Object> onDevice) {
    List<Step> steps = segments.get(segment).steps();
    Set<Buffer> arriving = arriving(segment);
    Set<Object> constants = new LinkedHashSet<>();
    Set<Object> sent = new LinkedHashSet<>();
    Set<Object> used = new LinkedHashSet<>();
    for (Step step : steps) {
      List<Buffer> buffers = new ArrayList<>(step.inputs());
      buffers.addAll(step.outputs());
      for (Buffer buffer : buffers) {
        Object array = arrays.of(buffer);
        (buffer.isConstant() ? constants : used).add(array);
        if (arriving.contains(buffer)) {
          sent.add(array);
        }
      }
    }
    List<Launch> launches = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Launch launch = KernelTable.launch("t" + i, steps.get(i).operation(), arrays);
      launches.add(launch);
      constants.addAll(launch.sizes());
    }
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, constants.toArray());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, sent.toArray());
    Object[] taken = onDevice.stream().filter(array -> !sent.contains(array)).toArray();
    if (taken.length > 0) {
      graph.consumeFromDevice("g" + (number - 1), taken);
    }
    boolean any = false;
    for (int i = 0; i < steps.size(); i++) {
      Launch launch = launches.get(i);
      graph.addTask(launch.task());
      if (launch.grid() != null) {
        grids.addWorkerGrid("g" + number + ".t" + i, launch.grid());
        any = true;
      }
    }
    onDevice.addAll(used);
    graph.persistOnDevice(onDevice.toArray());
    Object[] leaving = leaving(segment).stream().map(arrays::of).toArray();
    if (leaving.length > 0) {
      graph.transferToHost(DataTransferMode.EVERY_EXECUTION, leaving);
    }
    return any;
  }

  /** What a segment reads that the host has. */
  private Set<Buffer> arriving(int index) {
    Set<Buffer> fromHost = new LinkedHashSet<>(plan.inputs());
    for (int i = 0; i < index; i++) {
      for (Step step : segments.get(i).steps()) {
        if (segments.get(i).isHost()) {
          fromHost.addAll(step.outputs());
        } else {
          step.inputs().forEach(fromHost::remove);
        }
      }
    }
    return fromHost;
  }

  /** What a segment writes that the host reads: for its own steps, and the output. */
  private Set<Buffer> leaving(int index) {
    Set<Buffer> wanted = new LinkedHashSet<>(List.of(plan.output()));
    for (PlanSegment segment : segments) {
      if (segment.isHost()) {
        wanted.addAll(segment.steps().get(0).inputs());
      }
    }
    Set<Buffer> written = new LinkedHashSet<>();
    segments.get(index).steps().forEach(step -> written.addAll(step.outputs()));
    wanted.retainAll(written);
    return wanted;
  }

  /** Compiles. */
  void prepare() {
    if (execution != null) {
      execution.withPreCompilation();
    }
  }

  @Override
  public Object run(List<Object> inputs) {
    return run(inputs, null);
  }

  @Override
  public Object run(List<Object> inputs, RunReport report) {
    for (int i = 0; i < inputs.size(); i++) {
      if (plan.inputs().get(i) == plan.output()) {
        return inputs.get(i);
      }
    }
    if (plan.output().isConstant()) {
      return plan.output().constant();
    }
    Map<Buffer, Object> onHost = new IdentityHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      onHost.put(plan.inputs().get(i), inputs.get(i));
      if (isUsed(plan.inputs().get(i))) {
        arrays.write(plan.inputs().get(i), inputs.get(i));
      }
    }
    if (report != null) {
      report.needs(memory.bytes());
    }
    for (PlanSegment segment : segments) {
      if (segment.isHost()) {
        runHost((HostCall) segment.steps().get(0).operation(), onHost);
      } else {
        runGraph(segment, report);
      }
    }
    return onHost.containsKey(plan.output())
        ? onHost.get(plan.output())
        : arrays.read(plan.output());
  }

  private boolean isUsed(Buffer input) {
    return plan.steps().stream().anyMatch(step -> step.inputs().contains(input));
  }

  private void runHost(HostCall call, Map<Buffer, Object> onHost) {
    List<Object> numbers = new ArrayList<>();
    for (Buffer input : call.inputs()) {
      numbers.add(onHost.containsKey(input) ? onHost.get(input) : arrays.read(input));
    }
    Object result = call.function().apply(numbers);
    onHost.put(call.output(), result);
    arrays.write(call.output(), result);
  }

  private void runGraph(PlanSegment segment, RunReport report) {
    try {
      TornadoExecutionPlan graph = execution.withGraph(graphs.get(segment));
      // What is replayed is one launch: there is nothing to measure in it.
      if (report == null || replays) {
        graph.execute();
      } else {
        TornadoExecutionResult result = graph.withProfiler(ProfilerMode.SILENT).execute();
        Profile.read(result, "g" + graphs.get(segment), segment, report);
      }
    } catch (RuntimeException | TornadoInternalError e) {
      throw new OffloadException(
          String.format(
              Locale.ROOT,
              "stage %s fails: %s; try --backend vector",
              segment.steps().get(0).stage(),
              TornadoDevices.firstLine(e)),
          e);
    }
  }

  @Override
  public void close() {
    // Graphs share what they hand on, which the last that ran frees; each has constants of its own.
    for (int i = graphs.size() - 1; i >= 0; i--) {
      try {
        execution.withGraph(i).freeDeviceMemory();
      } catch (TornadoInternalError e) {
        // A graph frees its constants first, and then fails at what is free already.
        LOG.debug("task graph {}: {}", i, TornadoDevices.firstLine(e));
      }
    }
    closed.run();
  }
}
