package org.spike2former.fuzz.mutation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Changes an entry of a TIFF's first directory, or of Exif's: its tag, type, count or value. */
public final class TiffEntries implements Mutation {
  private static final int ENTRY = 12;
  private static final int FIRST_TAG = 254;
  private static final int TAGS = 90;

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    if (file.length < 8) {
      return file;
    }
    boolean little = file[0] == 'I';
    ByteBuffer in = ByteBuffer.wrap(file);
    in.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long from = Integer.toUnsignedLong(in.getInt(4));
    if (from + 2 > file.length) {
      return file;
    }
    int count = in.getShort((int) from) & 0xffff;
    if (count == 0 || from + 2 + (long) count * ENTRY > file.length) {
      return file;
    }
    int first = (int) from + 2;
    int at = first + ENTRY * random.nextInt(count);
    int other = first + ENTRY * random.nextInt(count);
    return switch (random.nextInt(7)) {
      case 0 -> Integers.put(file, at, 2, little, random);
      case 1 -> Integers.put(file, at + 2, 2, little, random);
      case 2 -> Integers.put(file, at + 4, 4, little, random);
      case 3 -> Integers.put(file, at + 8, 2, little, random);
      case 4 -> Integers.put(file, at + 8, 4, little, random);
      case 5 -> Bytes.splice(file, at, at + ENTRY, Arrays.copyOfRange(file, other, other + ENTRY));
      default -> {
        byte[] changed = file.clone();
        ByteBuffer out = ByteBuffer.wrap(changed).order(in.order());
        out.putShort(at, (short) (FIRST_TAG + random.nextInt(TAGS)));
        yield changed;
      }
    };
  }
}
