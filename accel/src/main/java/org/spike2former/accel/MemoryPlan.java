package org.spike2former.accel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.spike2former.accel.operation.Buffer;

/**
 * Where the buffers of a plan lie. Constants and what crosses between host and device have arrays
 * of their own, which are sent as they are; all others share arrays, one taking over as soon as
 * another is no longer needed.
 */
public final class MemoryPlan {
  /** An array on a device. */
  public static final class Allocation {
    private final Buffer.Type type;
    private int length;

    private Allocation(Buffer.Type type) {
      this.type = type;
    }

    /** Element type. */
    public Buffer.Type type() {
      return type;
    }

    /** Number of elements. */
    public int length() {
      return length;
    }

    /** Size in bytes. */
    public long bytes() {
      return (long) length * type.bytes();
    }
  }

  private final Map<Buffer, Allocation> allocations = new IdentityHashMap<>();
  private final List<Allocation> list = new ArrayList<>();
  private final Set<Buffer> constants = new LinkedHashSet<>();

  /** Places the buffers of a plan. */
  public MemoryPlan(Plan plan) {
    List<Step> steps = plan.steps();
    Map<Buffer, Integer> lastUse = new IdentityHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Buffer output : steps.get(i).outputs()) {
        lastUse.put(output, i);
      }
      for (Buffer input : steps.get(i).inputs()) {
        lastUse.put(input, i);
      }
    }
    lastUse.put(plan.output(), steps.size());
    Map<Integer, Set<Buffer>> endings = new HashMap<>();
    lastUse.forEach((b, at) -> endings.computeIfAbsent(at, _ -> new HashSet<>()).add(b));
    List<Allocation> free = new ArrayList<>();
    Set<Buffer> crossing = crossing(plan);
    crossing.forEach(buffer -> place(buffer, List.of()));
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).inputs().stream().filter(Buffer::isConstant).forEach(constants::add);
      for (Buffer output : steps.get(i).outputs()) {
        place(output, free);
      }
      for (Buffer ended : endings.getOrDefault(i, Set.of())) {
        if (!ended.isConstant() && !crossing.contains(ended)) {
          free.add(allocations.get(ended));
        }
      }
    }
    if (plan.output().isConstant()) {
      constants.add(plan.output());
    }
  }

  /** Inputs, the output, and what steps of the host read and write. */
  private static Set<Buffer> crossing(Plan plan) {
    Set<Buffer> crossing = new LinkedHashSet<>(plan.inputs());
    crossing.add(plan.output());
    for (Step step : plan.steps()) {
      if (step.isHost()) {
        crossing.addAll(step.inputs());
        crossing.add(step.output());
      }
    }
    crossing.removeIf(Buffer::isConstant);
    return crossing;
  }

  /** Gives a buffer the free allocation that fits best, or has to grow least. */
  private void place(Buffer buffer, List<Allocation> free) {
    if (allocations.containsKey(buffer)) {
      return;
    }
    Allocation best = null;
    for (Allocation allocation : free) {
      if (allocation.type() == buffer.type()
          && (best == null || isBetter(allocation, best, buffer))) {
        best = allocation;
      }
    }
    if (best == null) {
      best = new Allocation(buffer.type());
      list.add(best);
    }
    if (!free.isEmpty()) {
      free.remove(best);
    }
    best.length = Math.max(best.length, buffer.length());
    allocations.put(buffer, best);
  }

  private static boolean isBetter(Allocation allocation, Allocation best, Buffer buffer) {
    boolean fits = allocation.length >= buffer.length();
    boolean bestFits = best.length >= buffer.length();
    if (fits != bestFits) {
      return fits;
    }
    return fits ? allocation.length < best.length : allocation.length > best.length;
  }

  /** The array of a buffer that is not constant. */
  public Allocation allocation(Buffer buffer) {
    return allocations.get(buffer);
  }

  /** All shared arrays. */
  public List<Allocation> allocations() {
    return List.copyOf(list);
  }

  /** All constants. */
  public Set<Buffer> constants() {
    return Set.copyOf(constants);
  }

  /** Bytes of everything. */
  public long bytes() {
    return constants.stream().mapToLong(Buffer::bytes).sum()
        + list.stream().mapToLong(Allocation::bytes).sum();
  }

  /** Bytes of the largest single array. */
  public long largest() {
    return Math.max(
        constants.stream().mapToLong(Buffer::bytes).max().orElse(0),
        list.stream().mapToLong(Allocation::bytes).max().orElse(0));
  }

  /**
   * Refuses a plan that a device has no room for, before anything is launched.
   *
   * @param inUse bytes of the plans that the device holds already
   * @throws NoRoomException saying how much is needed and how much there is
   */
  public void requireRoom(Device device, long inUse) {
    if (bytes() > device.memoryBytes() - inUse || largest() > device.largestArrayBytes()) {
      throw new NoRoomException(
          String.format(
              Locale.ROOT,
              "%s has %s of memory (%s in one piece, %s in use), %s are needed (%s in one piece):"
                  + " use a smaller image or --backend vector",
              device.name(),
              mebibytes(device.memoryBytes()),
              mebibytes(device.largestArrayBytes()),
              mebibytes(inUse),
              mebibytes(bytes()),
              mebibytes(largest())));
    }
  }

  private static String mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1 >> 20) + " MiB";
  }
}
