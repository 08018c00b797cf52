package org.spike2former.fuzz.mutation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** Changes chunks of a PNG, whose checksums are right again afterwards. */
public final class PngChunks implements Mutation {
  private static final int SIGNATURE = 8;

  /** Length, type and checksum. */
  private static final int FRAME = 12;

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    List<byte[]> chunks = chunks(file);
    if (chunks.isEmpty()) {
      return file;
    }
    int i = random.nextInt(chunks.size());
    switch (random.nextInt(6)) {
      case 0 -> chunks.remove(i);
      case 1 -> chunks.add(i, chunks.get(random.nextInt(chunks.size())));
      case 2 -> Collections.swap(chunks, i, random.nextInt(chunks.size()));
      case 3 -> chunks.set(i, new Integers().apply(chunks.get(i), random));
      // The header, of which every byte matters.
      case 4 -> chunks.set(0, new Integers().apply(chunks.getFirst(), random));
      default -> chunks.set(i, new Bytes().apply(chunks.get(i), random));
    }
    return join(file, chunks);
  }

  /** The same chunks with right checksums; a file that ends within one has none after that. */
  public static byte[] withChecksums(byte[] file) {
    return join(file, chunks(file));
  }

  /** Type and content of each. */
  private static List<byte[]> chunks(byte[] file) {
    List<byte[]> chunks = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file);
    for (int at = SIGNATURE; at + FRAME <= file.length; ) {
      int length = in.getInt(at);
      if (length < 0 || length > file.length - at - FRAME) {
        break;
      }
      chunks.add(Arrays.copyOfRange(file, at + 4, at + 8 + length));
      at += FRAME + length;
    }
    return chunks;
  }

  private static byte[] join(byte[] file, List<byte[]> chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, Math.min(SIGNATURE, file.length));
    for (byte[] chunk : chunks) {
      CRC32 crc = new CRC32();
      crc.update(chunk);
      out.writeBytes(ByteBuffer.allocate(4).putInt(chunk.length - 4).array());
      out.writeBytes(chunk);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
    return out.toByteArray();
  }
}
