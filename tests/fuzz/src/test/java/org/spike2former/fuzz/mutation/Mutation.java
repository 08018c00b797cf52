package org.spike2former.fuzz.mutation;

import java.util.List;
import java.util.random.RandomGenerator;

/** A change to a file that a reader may well meet, or be sent. */
@FunctionalInterface
public interface Mutation {
  /**
   * Changes a copy of a file; one that is not of the mutation's format comes back as it is.
   *
   * @param random decides what is changed, and to what
   */
  byte[] apply(byte[] file, RandomGenerator random);

  /** One to four changes, one after another, of those that know the format and those of bytes. */
  static byte[] some(byte[] file, List<Mutation> mutations, RandomGenerator random) {
    byte[] changed = file;
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      changed = mutations.get(random.nextInt(mutations.size())).apply(changed, random);
    }
    return changed;
  }
}
