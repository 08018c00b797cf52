package org.spike2former.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.cpu.Buffers.Kind;

/** Storage that waits for its next use. */
final class IdleStorage {
  private final Map<Kind, Deque<Object>> arrays = new HashMap<>();

  /** Nobody reads or writes this array any more; it must not be here already. */
  void add(Object storage) {
    arrays.computeIfAbsent(Kind.of(storage), _ -> new ArrayDeque<>()).push(storage);
  }

  /** Storage from here, or else from the heap. What is here goes before memory runs out. */
  Object take(Kind kind) {
    Deque<Object> fitting = arrays.get(kind);
    Object storage = fitting == null ? null : fitting.poll();
    if (storage != null) {
      return storage;
    }
    try {
      return kind.fresh();
    } catch (OutOfMemoryError e) {
      if (arrays.isEmpty()) {
        throw e;
      }
      arrays.clear();
      return kind.fresh();
    }
  }

  /** Lets go what is of none of these kinds. */
  void retain(Set<Kind> wanted) {
    arrays.keySet().retainAll(wanted);
  }

  void clear() {
    arrays.clear();
  }
}
