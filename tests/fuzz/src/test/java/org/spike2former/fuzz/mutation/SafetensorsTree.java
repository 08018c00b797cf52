package org.spike2former.fuzz.mutation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Changes the tree in a safetensors file's header, whose length is right again afterwards. */
public final class SafetensorsTree implements Mutation {
  private final Trees trees = Trees.ofJson();

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    if (file.length < 8) {
      return file;
    }
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > file.length - 8) {
      return file;
    }
    byte[] header = trees.apply(Arrays.copyOfRange(file, 8, 8 + (int) length), random);
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(header.length).put(header);
    return Bytes.splice(file, 0, 8 + (int) length, start.array());
  }
}
