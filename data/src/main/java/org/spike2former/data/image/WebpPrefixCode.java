package org.spike2former.data.image;

import javax.imageio.IIOException;

/**
 * A prefix code of a lossless WebP: canonical, of at most 15 bits. A code with one symbol takes no
 * bits at all, so that a whole picture may take none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9649#section-3.7.2">the format</a>
 */
final class WebpPrefixCode {
  private static final int LONGEST = 15;
  private static final int TABLE_BITS = 8;

  /** The order in which lengths of the code of lengths are stored. */
  private static final int[] LENGTH_ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  private final int[] counts = new int[LONGEST + 1];
  private final short[] symbols;

  /**
   * For the next bits: symbol · 16 + length; 0 for longer codes. Null where there is one symbol.
   */
  private int[] table;

  /**
   * A code of these lengths; 0 for symbols that do not occur.
   *
   * @throws IIOException if they make no code
   */
  private WebpPrefixCode(byte[] lengths) throws IIOException {
    int used = 0;
    int longest = 0;
    for (byte length : lengths) {
      counts[length]++;
      used += length > 0 ? 1 : 0;
      longest = Math.max(longest, length);
    }
    counts[0] = 0;
    int left = 1;
    for (int length = 1; length <= LONGEST; length++) {
      left = 2 * left - counts[length];
      if (left < 0) {
        throw damaged();
      }
    }
    if (used == 0 || used > 1 && left != 0) {
      throw damaged();
    }
    symbols = new short[used];
    int n = 0;
    for (int length = 1; length <= longest; length++) {
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] == length) {
          symbols[n++] = (short) symbol;
        }
      }
    }
    if (used > 1) {
      fillTable(Math.min(longest, TABLE_BITS));
    }
  }

  private static IIOException damaged() {
    return new IIOException("a prefix code is damaged");
  }

  private void fillTable(int bits) {
    table = new int[1 << bits];
    int code = 0;
    int n = 0;
    for (int length = 1; length <= bits; length++, code <<= 1) {
      for (int i = 0; i < counts[length]; i++, code++, n++) {
        int first = Integer.reverse(code) >>> Integer.SIZE - length;
        for (int at = first; at < table.length; at += 1 << length) {
          table[at] = symbols[n] << 4 | length;
        }
      }
    }
  }

  /**
   * Reads a code.
   *
   * @param alphabet how many symbols it is for
   */
  static WebpPrefixCode read(WebpBits in, int alphabet) throws IIOException {
    byte[] lengths = new byte[alphabet];
    if (in.readFlag()) {
      boolean two = in.readFlag();
      set(lengths, in.read(in.readFlag() ? 8 : 1));
      if (two) {
        set(lengths, in.read(8));
      }
      return new WebpPrefixCode(lengths);
    }
    byte[] ofLengths = new byte[LENGTH_ORDER.length];
    int count = 4 + in.read(4);
    for (int i = 0; i < count; i++) {
      ofLengths[LENGTH_ORDER[i]] = (byte) in.read(3);
    }
    readLengths(in, new WebpPrefixCode(ofLengths), lengths);
    return new WebpPrefixCode(lengths);
  }

  private static void set(byte[] lengths, int symbol) throws IIOException {
    if (symbol >= lengths.length) {
      throw damaged();
    }
    lengths[symbol] = 1;
  }

  private static void readLengths(WebpBits in, WebpPrefixCode code, byte[] lengths)
      throws IIOException {
    int tokens = in.readFlag() ? 2 + in.read(2 + 2 * in.read(3)) : lengths.length;
    if (tokens > lengths.length) {
      throw damaged();
    }
    byte previous = 8;
    for (int at = 0; at < lengths.length && tokens > 0; tokens--) {
      int token = code.next(in);
      if (token < 16) {
        lengths[at++] = (byte) token;
        previous = token == 0 ? previous : (byte) token;
        continue;
      }
      int times = token == 16 ? 3 + in.read(2) : token == 17 ? 3 + in.read(3) : 11 + in.read(7);
      if (times > lengths.length - at) {
        throw damaged();
      }
      for (int end = at + times; at < end; at++) {
        lengths[at] = token == 16 ? previous : 0;
      }
    }
  }

  /** The next symbol. */
  int next(WebpBits in) throws IIOException {
    if (table == null) {
      return symbols[0];
    }
    long bits = in.peek();
    int entry = table[(int) bits & table.length - 1];
    if (entry != 0) {
      in.skip(entry & 0xf);
      return entry >> 4;
    }
    int code = 0;
    int first = 0;
    int n = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code = code << 1 | (int) (bits >>> length - 1 & 1);
      if (code - first < counts[length]) {
        in.skip(length);
        return symbols[n + code - first];
      }
      n += counts[length];
      first = first + counts[length] << 1;
    }
    throw damaged();
  }

  /** Bytes that it takes. */
  int size() {
    return 200 + 2 * symbols.length + (table == null ? 0 : 4 * table.length);
  }
}
