package org.spike2former.tensor.cpu.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory of each thread's own outside the heap, on a cache line's boundary, that is used again and
 * again; its content is undefined.
 */
public final class NativeScratch {
  private static final int CACHE_LINE = 64;

  private final ThreadLocal<MemorySegment> segment = new ThreadLocal<>();

  /** At least this many bytes. */
  public MemorySegment atLeast(long bytes) {
    MemorySegment known = segment.get();
    if (known == null || known.byteSize() < bytes) {
      known = Arena.ofAuto().allocate(bytes, CACHE_LINE);
      segment.set(known);
    }
    return known;
  }
}
