package org.spike2former.fuzz.mutation;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes segments of a JPEG: frames, tables, and scans, of which there may be many then. */
public final class JpegSegments implements Mutation {
  private static final int SCAN = 0xda;
  private static final int MOST_TIMES = 150;

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    List<byte[]> segments = segments(file);
    if (segments.size() < 2) {
      return file;
    }
    int i = random.nextInt(segments.size());
    byte[] segment = segments.get(i);
    switch (random.nextInt(6)) {
      case 0 -> segments.remove(i);
      case 1 -> segments.add(i, segments.get(random.nextInt(segments.size())));
      case 2 -> Collections.swap(segments, i, random.nextInt(segments.size()));
      case 3 -> {
        boolean scan = segment.length > 1 && (segment[1] & 0xff) == SCAN;
        int times = 1 + random.nextInt(scan ? MOST_TIMES : 3);
        segments.addAll(i, Collections.nCopies(times, segment));
      }
      default -> {
        if (segment.length > 4) {
          byte[] content = Arrays.copyOfRange(segment, 4, segment.length);
          content = new Bytes().apply(content, random);
          segments.set(i, Bytes.splice(segment, 4, segment.length, content));
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    segments.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** From each marker to the next one, with the entropy-coded data that follow it. */
  private static List<byte[]> segments(byte[] file) {
    List<byte[]> segments = new ArrayList<>();
    int from = 0;
    for (int at = 2; at + 1 < file.length; ) {
      int marker = file[at + 1] & 0xff;
      boolean data = (file[at] & 0xff) != 0xff || marker == 0 || marker == 0xff;
      if (data || marker >= 0xd0 && marker <= 0xd7) {
        at++;
        continue;
      }
      segments.add(Arrays.copyOfRange(file, from, at));
      from = at;
      int length = at + 3 < file.length ? (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff : 0;
      at += 2 + length;
    }
    segments.add(Arrays.copyOfRange(file, from, file.length));
    return segments;
  }
}
