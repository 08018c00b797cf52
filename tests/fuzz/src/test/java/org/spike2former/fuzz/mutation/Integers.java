package org.spike2former.fuzz.mutation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/** Puts an awkward integer somewhere, such as into a length or an offset. */
public final class Integers implements Mutation {
  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    int width = 1 << random.nextInt(4);
    if (file.length < width) {
      return file;
    }
    return put(file, random.nextInt(file.length - width + 1), width, random.nextBoolean(), random);
  }

  /** Changes the integer of so many bytes (1, 2, 4 or 8) at a place. */
  static byte[] put(byte[] file, int at, int width, boolean little, RandomGenerator random) {
    byte[] changed = file.clone();
    ByteBuffer bytes = ByteBuffer.wrap(changed);
    bytes.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    switch (width) {
      case 1 -> bytes.put(at, (byte) awkward(bytes.get(at), file.length, random));
      case 2 -> bytes.putShort(at, (short) awkward(bytes.getShort(at), file.length, random));
      case 4 -> bytes.putInt(at, (int) awkward(bytes.getInt(at), file.length, random));
      default -> bytes.putLong(at, awkward(bytes.getLong(at), file.length, random));
    }
    return changed;
  }

  /** A value next to the one that is there, to the file's length, or to the end of some type. */
  static long awkward(long value, int length, RandomGenerator random) {
    long near = random.nextInt(3) - 1;
    return switch (random.nextInt(8)) {
      case 0 -> near;
      case 1 -> value + near;
      case 2 -> value * 2;
      case 3 -> length + near;
      case 4 -> (1L << random.nextInt(64)) + near;
      case 5 -> -(1L << random.nextInt(64)) + near;
      case 6 -> random.nextInt(1 << 1 + random.nextInt(16));
      default -> -value;
    };
  }
}
