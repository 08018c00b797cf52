package org.spike2former.tensor.cpu;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import org.spike2former.tensor.Tensor;

/**
 * Storage for runs that say themselves when they have done with some, as backward does. From run to
 * run all of it is used again.
 *
 * <p>Outside of runs, all storage is fresh.
 */
final class PooledBuffers extends Buffers {
  private final Set<Object> handedOut = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Kind> wanted = new HashSet<>();
  private final IdleStorage idle = new IdleStorage();
  private boolean reusing;

  /** A run begins; storage of a kind that the run before had no use for goes. */
  @Override
  void beginRun(boolean reuse, Object kind) {
    reusing = reuse;
    for (Iterator<Object> each = handedOut.iterator(); each.hasNext(); ) {
      Object storage = each.next();
      each.remove(); // first: whatever fails here, no array is idle twice
      idle.add(storage);
    }
    if (!reuse) {
      wanted.clear();
    }
    idle.retain(wanted);
    wanted.clear();
  }

  @Override
  void endRun(boolean complete) {
    reusing = false;
  }

  @Override
  Object take(Kind kind, Tensor... inputs) {
    if (!reusing) {
      return kind.fresh();
    }
    wanted.add(kind);
    Object storage = idle.take(kind);
    handedOut.add(storage);
    return storage;
  }

  /** Nobody reads x any more in this run. */
  void release(Tensor x) {
    Object storage = storage(x);
    if (handedOut.remove(storage)) {
      idle.add(storage);
    }
  }

  /** x is read in later runs too. */
  void keep(Tensor x) {
    handedOut.remove(storage(x));
  }
}
