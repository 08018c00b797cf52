package org.spike2former.tensor.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.spike2former.tensor.Tensor;

/**
 * Storage for what operations compute. The first run of a network shows which operation is the last
 * to read each tensor; from the second on, storage goes to the next operation that needs as much
 * once it has been read for the last time, and from run to run. The plan is made of operations, not
 * of sizes, so it holds for images of any size.
 *
 * <p>Without {@link #beginRun}, all storage is fresh.
 */
final class PlannedBuffers extends Buffers {
  /** What a run's requests looked like, by their number. */
  private static final class Plan {
    /** Requests whose storage was read, -1 for what came from elsewhere. */
    private final List<int[]> reads = new ArrayList<>();

    /** The last request that read each request's storage; -1 for none. */
    private final List<Integer> lastReads = new ArrayList<>();

    /** The requests whose storage nobody reads after request {@code index}. */
    int[] deadAfter(int index) {
      return Arrays.stream(reads.get(index))
          .distinct()
          .filter(read -> read >= 0 && lastReads.get(read) == index)
          .toArray();
    }

    void add(int... read) {
      for (int request : read) {
        if (request >= 0) {
          lastReads.set(request, reads.size());
        }
      }
      reads.add(read);
      lastReads.add(-1);
    }
  }

  /** Which request each array serves; weak, because the first run's arrays are left to the GC. */
  private final Map<Object, Integer> owners = new WeakHashMap<>();

  /** The array of each request, where there is a plan. */
  private final List<Object> handedOut = new ArrayList<>();

  private final Map<Kind, Deque<Object>> idle = new HashMap<>();
  private boolean reusing;
  private Plan recording;
  private Plan plan;

  /**
   * All runs that reuse storage must ask for the same things, but for their sizes and for what
   * comes at the end.
   */
  @Override
  void beginRun(boolean reuse) {
    reusing = reuse;
    if (!reuse) {
      return;
    }
    if (recording == null) {
      recording = new Plan();
    } else if (!recording.reads.isEmpty()) {
      plan = recording;
    }
    idle.clear();
    Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
    // Of the first run, what the collector has left; what is not needed goes after the second.
    used.addAll(handedOut.isEmpty() ? owners.keySet() : handedOut);
    used.forEach(this::release);
    owners.clear();
    handedOut.clear();
  }

  @Override
  Object take(Kind kind, Tensor... inputs) {
    if (!reusing) {
      return kind.fresh();
    }
    int[] read = new int[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      read[i] = owners.getOrDefault(storage(inputs[i]), -1);
    }
    if (plan == null) {
      Object storage = kind.fresh();
      owners.put(storage, recording.reads.size());
      recording.add(read);
      return storage;
    }
    int request = handedOut.size();
    Object storage = null;
    if (request < plan.reads.size()) {
      if (!Arrays.equals(read, plan.reads.get(request))) {
        throw new IllegalStateException(
            "operation "
                + request
                + " reads other tensors than in the first run; runs that share storage must be of"
                + " one network");
      }
      releaseDead(request - 1);
      Deque<Object> fitting = idle.get(kind);
      storage = fitting == null ? null : fitting.poll();
    }
    if (storage == null) {
      storage = kind.fresh();
    }
    owners.put(storage, request);
    handedOut.add(storage);
    return storage;
  }

  private void releaseDead(int request) {
    if (request >= 0) {
      for (int dead : plan.deadAfter(request)) {
        owners.remove(handedOut.get(dead));
        release(handedOut.get(dead));
      }
    }
  }

  private void release(Object storage) {
    idle.computeIfAbsent(Kind.of(storage), any -> new ArrayDeque<>()).push(storage);
  }
}
