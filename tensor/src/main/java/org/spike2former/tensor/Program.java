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
     * @param key what the program does, beside the input's shape; equal keys mean equal programs
     * @param input may be overwritten by a later run
     * @return the result, good until the next run
     */
    Tensor run(Object key, Program program, Tensor input);

    /** Gives back what the runner holds. */
    @Override
    default void close() {}
  }

  /** Runs programs with these operations, each in the storage of the one before. */
  static Runner runner(Ops ops) {
    return (key, program, input) -> {
      ops.beginRun(true);
      return program.run(ops, input);
    };
  }
}
