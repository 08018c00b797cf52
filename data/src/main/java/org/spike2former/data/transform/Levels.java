package org.spike2former.data.transform;

/** Maps from 8-bit levels to 8-bit levels. */
final class Levels {
  private Levels() {}

  /** Level x to {@code factor·x + offset} in float32, clipped to 0…255 and cut to an integer. */
  static byte[] linear(float factor, float offset) {
    byte[] table = new byte[256];
    for (int x = 0; x < table.length; x++) {
      table[x] = (byte) (int) Math.max(0, Math.min(255, x * factor + offset));
    }
    return table;
  }

  /** The image's bytes through a table. */
  static byte[] map(byte[] bytes, byte[] table) {
    byte[] mapped = new byte[bytes.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = table[bytes[i] & 0xff];
    }
    return mapped;
  }
}
