package org.spike2former.tensor;

/** A computation on one tensor, written against {@link Ops}. */
@FunctionalInterface
public interface Program {
  /** Computes with these operations. */
  Tensor run(Ops ops, Tensor input);

  /** Runs programs: at once, or as a plan that is made for the first input of a kind. */
  @FunctionalInterface
  interface Runner extends AutoCloseable {
    /**
     * Runs.
     *
     * @param kind what the program asks for: programs of equal kinds ask for the same operations,
     *     but for sizes
     * @param sizes what else the program depends on, apart from the input's shape; equal kinds and
     *     sizes mean equal programs
     * @param input may be overwritten by a later run
     * @return the result, good until the next run
     */
    Tensor run(Object kind, Object sizes, Program program, Tensor input);

    /** As {@link #run(Object, Object, Program, Tensor)}, for a program without other sizes. */
    default Tensor run(Object kind, Program program, Tensor input) {
      return run(kind, "", program, input);
    }

    /** Gives back what the runner holds. */
    @Override
    default void close() {}
  }

  /** Runs programs with these operations, each in the storage of the one before. */
  static Runner runner(Ops ops) {
    return (kind, _, program, input) -> {
      ops.beginRun(true, kind);
      boolean complete = false;
      try {
        Tensor result = program.run(ops, input);
        complete = true;
        return result;
      } finally {
        ops.endRun(complete);
      }
    };
  }
}
