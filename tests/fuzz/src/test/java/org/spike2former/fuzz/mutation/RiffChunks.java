package org.spike2former.fuzz.mutation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes chunks of a WebP, which may then lie in one another or say sizes that are none. */
public final class RiffChunks implements Mutation {
  private static final int FIRST = 12;
  private static final List<String> TYPES =
      List.of("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP", "XMP ");

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    List<Integer> starts = starts(file);
    if (starts.isEmpty()) {
      return file;
    }
    int i = random.nextInt(starts.size());
    int at = starts.get(i);
    int end = i + 1 < starts.size() ? starts.get(i + 1) : file.length;
    byte[] chunk = Arrays.copyOfRange(file, at, end);
    return switch (random.nextInt(7)) {
      case 0 -> Integers.put(file, at + 4, 4, true, random);
      case 1 -> Integers.put(file, 4, 4, true, random);
      case 2 -> sized(Bytes.splice(file, at, end, new byte[0]));
      case 3 -> {
        int to = starts.get(random.nextInt(starts.size()));
        yield sized(Bytes.splice(file, to, to, chunk));
      }
      case 4 -> {
        byte[] type = TYPES.get(random.nextInt(TYPES.size())).getBytes(StandardCharsets.US_ASCII);
        yield Bytes.splice(file, at, at + 4, type);
      }
      default -> {
        // The first bytes of a picture hold its size.
        int byteAt = Math.min(file.length - 1, at + 8 + random.nextInt(16));
        yield Bytes.splice(file, byteAt, byteAt + 1, new byte[] {(byte) random.nextInt()});
      }
    };
  }

  /** The file's own size, put right. */
  private static byte[] sized(byte[] file) {
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length - 8);
    return file;
  }

  private static List<Integer> starts(byte[] file) {
    List<Integer> starts = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = FIRST; at + 8 <= file.length; ) {
      starts.add((int) at);
      long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
      at += 8 + length + length % 2;
    }
    return starts;
  }
}
