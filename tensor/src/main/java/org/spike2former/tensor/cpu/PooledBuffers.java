package org.spike2former.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.Tensor;

/**
 * Storage for runs that say themselves when they have done with some, as backward does. From run to
 * run all of it is used again.
 *
 * <p>Without {@link #beginRun}, all storage is fresh.
 */
final class PooledBuffers extends Buffers {
  private final Set<Object> handedOut = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Kind> wanted = new HashSet<>();
  private final Map<Kind, Deque<Object>> idle = new HashMap<>();
  private boolean reusing;

  /** A run begins; storage of a kind that the run before had no use for goes. */
  @Override
  void beginRun(boolean reuse) {
    reusing = reuse;
    handedOut.forEach(this::retire);
    handedOut.clear();
    if (!reuse) {
      wanted.clear();
    }
    idle.keySet().retainAll(wanted);
    wanted.clear();
  }

  private void retire(Object storage) {
    idle.computeIfAbsent(Kind.of(storage), any -> new ArrayDeque<>()).push(storage);
  }

  @Override
  Object take(Kind kind, Tensor... inputs) {
    if (!reusing) {
      return kind.fresh();
    }
    wanted.add(kind);
    Deque<Object> fitting = idle.get(kind);
    Object storage = fitting == null ? null : fitting.poll();
    if (storage == null) {
      storage = kind.fresh();
    }
    handedOut.add(storage);
    return storage;
  }

  /** Nobody reads x any more in this run. */
  void release(Tensor x) {
    Object storage = storage(x);
    if (handedOut.remove(storage)) {
      retire(storage);
    }
  }

  /** x is read in later runs too. */
  void keep(Tensor x) {
    handedOut.remove(storage(x));
  }
}
