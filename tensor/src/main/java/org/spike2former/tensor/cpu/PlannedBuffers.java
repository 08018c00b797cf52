package org.spike2former.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.spike2former.tensor.Tensor;

/**
 * Storage for what operations compute. The first complete run of a kind shows which operation is
 * the last to read each tensor; from the second on, storage goes to the next operation that needs
 * as much once it has been read for the last time. From run to run, of whatever kind, all of it is
 * used again. What a run teaches counts operations, not sizes, so it holds for images of any size.
 *
 * <p>A run that breaks off teaches nothing, and what it held is left to the collector. Outside of
 * runs, all storage is fresh.
 */
final class PlannedBuffers extends Buffers {
  /** What the requests of a kind of run look like, by their number. */
  private static final class Lifetimes {
    /** Requests whose storage was read, -1 for what came from elsewhere. */
    private final List<int[]> reads = new ArrayList<>();

    /** The last request that read each request's storage; -1 for none. */
    private final List<Integer> lastReads = new ArrayList<>();

    int size() {
      return reads.size();
    }

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

  private final Map<Object, Lifetimes> known = new HashMap<>();

  /**
   * Which request each array serves; weak, because arrays of a recorded run are left to the
   * collector.
   */
  private final Map<Object, Integer> owners = new WeakHashMap<>();

  /** The array of each request, where lifetimes are known. */
  private final List<Object> handedOut = new ArrayList<>();

  private final IdleStorage idle = new IdleStorage();
  private boolean reusing;
  private Object kind;

  /** Lifetimes in this run; null in one that is recorded. */
  private Lifetimes lifetimes;

  private Lifetimes recording;

  @Override
  void beginRun(boolean reuse, Object newKind) {
    endRun(false);
    if (!reuse) {
      return;
    }
    kind = newKind;
    lifetimes = known.get(kind);
    recording = lifetimes == null ? new Lifetimes() : null;
    idle.clear();
    Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
    used.addAll(owners.keySet()); // of a recorded run, what the collector has left
    used.addAll(handedOut);
    used.forEach(idle::add);
    owners.clear();
    handedOut.clear();
    reusing = true;
  }

  @Override
  void endRun(boolean complete) {
    if (!reusing) {
      return;
    }
    reusing = false;
    if (!complete) {
      owners.clear();
      handedOut.clear();
      idle.clear();
    } else if (recording != null) {
      known.put(kind, recording);
    }
  }

  @Override
  Object take(Kind ofStorage, Tensor... inputs) {
    return take(ofStorage, false, inputs);
  }

  @Override
  Object takeOver(Kind ofStorage, Tensor x, Tensor other) {
    return take(ofStorage, true, x, other);
  }

  private Object take(Kind ofStorage, boolean overFirst, Tensor... inputs) {
    if (!reusing) {
      return ofStorage.fresh();
    }
    int[] read = new int[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      read[i] = owners.getOrDefault(storage(inputs[i]), -1);
    }
    if (lifetimes == null) {
      Object storage = idle.take(ofStorage);
      owners.put(storage, recording.size());
      recording.add(read);
      return storage;
    }
    int request = handedOut.size();
    if (request >= lifetimes.size() || !Arrays.equals(read, lifetimes.reads.get(request))) {
      throw new IllegalStateException(
          "operation "
              + request
              + " reads other tensors than in the first run of its kind; runs of one kind must be"
              + " of one network and ask for the same operations");
    }
    releaseDead(request - 1);
    boolean over = overFirst && isLastReader(request, read);
    Object storage = over ? handedOut.get(read[0]) : idle.take(ofStorage);
    owners.put(storage, request);
    handedOut.add(storage);
    return storage;
  }

  /** Whether a request reads the storage of its first input last, and by that input alone. */
  private boolean isLastReader(int request, int... read) {
    return read[0] >= 0
        && lifetimes.lastReads.get(read[0]) == request
        && Arrays.stream(read).filter(other -> other == read[0]).count() == 1;
  }

  private void releaseDead(int request) {
    if (request >= 0) {
      for (int dead : lifetimes.deadAfter(request)) {
        // It may serve that request itself now.
        if (owners.remove(handedOut.get(dead), dead)) {
          idle.add(handedOut.get(dead));
        }
      }
    }
  }
}
