package org.spike2former.tensor.cpu.kernels;

/** An array of each thread's own that is used again and again; its content is undefined. */
public final class ScratchF32 {
  private final ThreadLocal<float[]> array = ThreadLocal.withInitial(() -> new float[0]);

  /** An array of at least this length. */
  public float[] atLeast(int length) {
    float[] known = array.get();
    if (known.length < length) {
      known = new float[length];
      array.set(known);
    }
    return known;
  }

  /** An array of just this length. */
  public float[] exactly(int length) {
    float[] known = array.get();
    if (known.length != length) {
      known = new float[length];
      array.set(known);
    }
    return known;
  }
}
