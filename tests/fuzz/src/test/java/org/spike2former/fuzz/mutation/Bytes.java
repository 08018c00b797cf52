package org.spike2former.fuzz.mutation;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Changes bytes, whatever they mean: one is damaged, or a few are lost, added or repeated. */
public final class Bytes implements Mutation {
  private static final int MOST = 64;

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    if (file.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(file.length);
    int length = 1 + random.nextInt(Math.min(MOST, file.length - at));
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(file, at);
      case 1 -> splice(file, at, at + length, new byte[0]);
      case 2 -> splice(file, at, at, Arrays.copyOfRange(file, at, at + length));
      case 3 -> splice(file, at, at, random(length, random));
      case 4 -> {
        int from = random.nextInt(file.length - length + 1);
        yield splice(file, at, at + length, Arrays.copyOfRange(file, from, from + length));
      }
      case 5 -> splice(file, at, at + 1, random(1, random));
      default -> {
        byte[] changed = file.clone();
        changed[at] ^= (byte) (1 << random.nextInt(8));
        yield changed;
      }
    };
  }

  private static byte[] random(int length, RandomGenerator random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The file with other bytes in place of a range. */
  static byte[] splice(byte[] file, int from, int to, byte[] instead) {
    byte[] changed = new byte[file.length - (to - from) + instead.length];
    System.arraycopy(file, 0, changed, 0, from);
    System.arraycopy(instead, 0, changed, from, instead.length);
    System.arraycopy(file, to, changed, from + instead.length, file.length - to);
    return changed;
  }
}
