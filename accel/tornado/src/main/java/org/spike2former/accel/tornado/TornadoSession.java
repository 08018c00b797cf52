package org.spike2former.accel.tornado;

import java.util.EnumMap;
import java.util.Map;
import org.spike2former.accel.Device;
import org.spike2former.accel.KernelException;
import org.spike2former.accel.Kernels;
import org.spike2former.accel.Offload;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.Operation;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Step;
import org.spike2former.accel.Storage;
import org.spike2former.accel.tornado.kernels.KernelTable;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/** A device in use by TornadoVM. */
final class TornadoSession implements Offload.Session {
  /** System property: operations, separated by commas, that the CPU shall do. */
  private static final String DISABLED = "s2f.accel.disable";

  private final Device device;
  private final Map<Operation, String> failed = new EnumMap<>(Operation.class);

  TornadoSession(Device device) {
    this.device = device;
    for (String name : System.getProperty(DISABLED, "").split(",")) {
      if (!name.isBlank()) {
        failed.put(Operation.valueOf(name.strip()), "switched off by " + DISABLED);
      }
    }
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Kernels kernels() {
    return operation ->
        KernelTable.has(operation) ? failed.get(operation) : "there is no kernel " + operation;
  }

  @Override
  public Offload.Executable compile(Plan plan) {
    Storage storage = new Storage(plan);
    storage.requireRoom(device);
    TornadoExecutable executable = new TornadoExecutable(plan, storage, device);
    try {
      executable.prepare();
      return executable;
    } catch (RuntimeException | TornadoInternalError e) { // TornadoVM's have no common ancestor
      executable.close();
      throw blame(plan, e);
    }
  }

  /** Finds the step that does not compile by compiling each operation's first step alone. */
  private OffloadException blame(Plan plan, Throwable error) {
    Map<Operation, Step> first = new EnumMap<>(Operation.class);
    plan.steps().forEach(step -> first.putIfAbsent(step.operation(), step));
    first.remove(Operation.HOST);
    for (Step step : first.values()) {
      Plan alone = Plan.of(step);
      try (TornadoExecutable executable =
          new TornadoExecutable(alone, new Storage(alone), device)) {
        executable.prepare();
      } catch (RuntimeException | TornadoInternalError e) {
        String reason = TornadoDevices.firstLine(e);
        failed.put(step.operation(), "its kernel does not compile: " + reason);
        return new KernelException(
            "the kernel of " + step + " does not compile: " + reason, step.operation(), e);
      }
    }
    return new OffloadException(
        device.name() + " fails: " + TornadoDevices.firstLine(error) + "; try --backend auto",
        error);
  }

  @Override
  public void close() {
    failed.clear();
  }
}
