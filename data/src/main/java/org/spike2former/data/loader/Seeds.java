package org.spike2former.data.loader;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random numbers for one purpose and one number of it, all from a single seed. */
final class Seeds {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** What the numbers are for. */
  enum Purpose {
    ORDER,
    AUGMENTATION
  }

  private Seeds() {}

  static RandomGenerator generator(long seed, Purpose purpose, long number) {
    long mixed = mix(seed + GOLDEN * (purpose.ordinal() + 1));
    return new SplittableRandom(mix(mixed + GOLDEN * (number + 1)));
  }

  /** The finaliser of MurmurHash3 in Stafford's variant 13. */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
