package org.spike2former.accel.tornado;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.accel.Device;
import org.spike2former.accel.DeviceCapabilities;
import org.spike2former.accel.KernelException;
import org.spike2former.accel.MemoryPlan;
import org.spike2former.accel.Offload;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.PackedWeights;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Step;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.operation.Operation;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/** A device in use by TornadoVM. */
final class TornadoSession implements Offload.Session {
  /** System property: operations, separated by commas, that the CPU shall do. */
  private static final String DISABLED = "s2f.accel.disable";

  private final Device device;
  private final Lanes lanes;
  private final Map<Operation.Kind, String> failed = new EnumMap<>(Operation.Kind.class);
  private long inUse;

  TornadoSession(Device device) {
    Replay.check(device);
    this.device = device;
    this.lanes = device.lanes();
    for (String name : System.getProperty(DISABLED, "").split(",")) {
      if (!name.isBlank()) {
        failed.put(kind(name.strip()), "switched off by " + DISABLED);
      }
    }
  }

  private static Operation.Kind kind(String name) {
    try {
      return Operation.Kind.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          DISABLED + ": expected operations such as DENSE, separated by commas, found " + name, e);
    }
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public DeviceCapabilities capabilities() {
    return failed::get;
  }

  @Override
  public Offload.Executable compile(Plan recorded) {
    Plan plan = device.multipliesPacks() ? PackedWeights.in(recorded) : recorded;
    MemoryPlan memory = new MemoryPlan(plan);
    memory.requireRoom(device, inUse);
    TornadoExecutable executable = null;
    try {
      executable =
          new TornadoExecutable(plan, memory, device, lanes, () -> inUse -= memory.bytes());
      inUse += memory.bytes();
      executable.prepare();
      return executable;
    } catch (RuntimeException | TornadoInternalError e) { // TornadoVM's have no common ancestor
      closeAfter(e, executable);
      throw blame(plan, e);
    }
  }

  /** Closes after an error, which stays the one to tell of. */
  private static void closeAfter(Throwable error, TornadoExecutable executable) {
    try {
      if (executable != null) {
        executable.close();
      }
    } catch (RuntimeException | TornadoInternalError e) {
      error.addSuppressed(e);
    }
  }

  /** Finds the step that does not compile by compiling the first step of each kernel alone. */
  private OffloadException blame(Plan plan, Throwable error) {
    Map<List<Object>, Step> first = new LinkedHashMap<>();
    for (Step step : plan.steps()) {
      if (!step.isHost()) {
        first.putIfAbsent(kernel(step), step);
      }
    }
    for (Step step : first.values()) {
      Plan alone = Plan.of(step);
      try (TornadoExecutable executable =
          new TornadoExecutable(alone, new MemoryPlan(alone), device, lanes)) {
        executable.prepare();
      } catch (RuntimeException | TornadoInternalError e) {
        String reason = TornadoDevices.firstLine(e);
        failed.put(step.kind(), "its kernel does not compile: " + reason);
        return new KernelException(
            "the kernel of " + step + " does not compile: " + reason, step.kind(), e);
      }
    }
    return new OffloadException(
        device.name() + " fails: " + TornadoDevices.firstLine(error) + "; try --backend vector",
        error);
  }

  /** An operation has kernels by its class and the types of what it reads and writes. */
  private static List<Object> kernel(Step step) {
    List<Buffer.Type> inputs = step.inputs().stream().map(Buffer::type).toList();
    List<Buffer.Type> outputs = step.outputs().stream().map(Buffer::type).toList();
    return List.of(step.operation().getClass(), step.kind(), inputs, outputs);
  }

  @Override
  public void close() {
    // TornadoVM keeps its devices until Java ends.
  }
}
