package org.spike2former.fuzz.mutation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Changes a field of a record of a zip archive: of the directory at its end, of an entry there, or
 * of an entry's own header.
 */
public final class ZipRecords implements Mutation {
  private static final int ENTRY = 0x04034b50;
  private static final int DIRECTORY_ENTRY = 0x02014b50;
  private static final int DIRECTORY_END = 0x06054b50;

  /** Offsets of fields, and their widths. */
  private static final int[][] ENTRY_FIELDS = {
    {6, 2}, {8, 2}, {14, 4}, {18, 4}, {22, 4}, {26, 2}, {28, 2}
  };

  private static final int[][] DIRECTORY_ENTRY_FIELDS = {
    {8, 2}, {10, 2}, {16, 4}, {20, 4}, {24, 4}, {28, 2}, {30, 2}, {32, 2}, {42, 4}, {46, 1}
  };

  private static final int[][] DIRECTORY_END_FIELDS = {
    {4, 2}, {6, 2}, {8, 2}, {10, 2}, {12, 4}, {16, 4}, {20, 2}
  };

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    List<Integer> records = records(file);
    if (records.isEmpty()) {
      return file;
    }
    int at = records.get(random.nextInt(records.size()));
    int[][] fields =
        switch (signature(file, at)) {
          case ENTRY -> ENTRY_FIELDS;
          case DIRECTORY_ENTRY -> DIRECTORY_ENTRY_FIELDS;
          default -> DIRECTORY_END_FIELDS;
        };
    int[] field = fields[random.nextInt(fields.length)];
    return at + field[0] + field[1] > file.length
        ? file
        : Integers.put(file, at + field[0], field[1], true, random);
  }

  private static int signature(byte[] file, int at) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  private static List<Integer> records(byte[] file) {
    List<Integer> records = new ArrayList<>();
    for (int at = 0; at + 4 <= file.length; at++) {
      if (file[at] == 'P' && file[at + 1] == 'K') {
        switch (signature(file, at)) {
          case ENTRY, DIRECTORY_ENTRY, DIRECTORY_END -> records.add(at);
          default -> {}
        }
      }
    }
    return records;
  }
}
