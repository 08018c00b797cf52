package org.spike2former.tensor.io.torch;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.spike2former.tensor.io.FileLimit;
import org.spike2former.tensor.io.FormatException;

/** The numbers and strings of a pickle, little-endian and never more of them than declared. */
final class PickleInput {
  /** Longer text is a configuration or the data of numpy arrays, which is not needed here. */
  private static final int LONGEST_TEXT = 1 << 12;

  /** Reading digits takes time that grows with the square of their number. */
  private static final int LONGEST_NUMBER = 400;

  /** Bytes that reading digits takes. */
  private static final int PARSED = 300;

  private final Path file;
  private final DataInputStream in;
  private final byte[] line = new byte[LONGEST_TEXT];
  private final long allowed;
  private long remaining;
  private long taken;
  private long text;

  /**
   * The input of one pickle.
   *
   * @param file for messages
   * @param size bytes of the pickle
   */
  PickleInput(Path file, InputStream in, long size) {
    this.file = file;
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.remaining = size;
    this.allowed = FileLimit.PICKLE_MEMORY.value() + 2 * size;
  }

  private FormatException bad(String message) {
    return new FormatException(file, "its pickle " + message);
  }

  private DataInputStream take(long bytes) throws FormatException {
    if (bytes > remaining) {
      throw bad("ends too early");
    }
    remaining -= bytes;
    return in;
  }

  /** An integer of one or two bytes, unsigned, or of four, signed. */
  int integer(int bytes) throws IOException {
    take(bytes);
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= in.readUnsignedByte() << 8 * i;
    }
    return value;
  }

  /** A length or an index of four or eight bytes; beyond a long it is negative. */
  long length(int bytes) throws IOException {
    long low = Integer.toUnsignedLong(integer(4));
    return bytes == 4 ? low : low | (long) integer(4) << 32;
  }

  /** A string, or an inert value in place of a long one. */
  Object text(long length) throws IOException {
    if (length < 0 || length > LONGEST_TEXT) {
      skip(length);
      return Inert.dropped("text of " + length + " bytes");
    }
    return new String(keep((int) length), StandardCharsets.UTF_8);
  }

  /** Counts memory before it is taken. */
  void count(int bytes) throws FormatException {
    taken += bytes;
    if (taken > allowed) {
      throw bad("makes values of more than " + FileLimit.PICKLE_MEMORY.of("bytes"));
    }
  }

  private byte[] keep(int length) throws IOException {
    count(64);
    text += length;
    if (text > FileLimit.PICKLE_TEXT.value()) {
      throw bad("has more than " + FileLimit.PICKLE_TEXT.of("bytes of text"));
    }
    byte[] bytes = new byte[length];
    take(length).readFully(bytes);
    return bytes;
  }

  /** An inert value in place of bytes. */
  Inert bytes(long length) throws IOException {
    skip(length);
    return Inert.dropped("bytes");
  }

  private void skip(long length) throws IOException {
    if (length < 0) {
      throw bad("ends too early");
    }
    take(length).skipNBytes(length);
  }

  /** Bytes that were not read yet. */
  long remaining() {
    return remaining;
  }

  void skipRest() throws IOException {
    skip(remaining);
  }

  double fraction() throws IOException {
    return take(8).readDouble();
  }

  /** A Long, or a BigInteger where that is too small. */
  Object longInteger(long length) throws IOException {
    if (length > LONGEST_TEXT) {
      throw bad("has an integer of " + length + " bytes");
    }
    count(96);
    byte[] littleEndian = keep((int) length);
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    return length == 0 ? (Object) 0L : narrow(new BigInteger(bigEndian));
  }

  private static Object narrow(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /** The characters before the next line feed. */
  String line() throws IOException {
    int length = 0;
    for (byte c = next(); c != '\n'; c = next()) {
      if (length == LONGEST_TEXT) {
        throw bad("has a line longer than " + LONGEST_TEXT + " characters");
      }
      line[length++] = c;
    }
    count(48);
    return new String(line, 0, length, StandardCharsets.ISO_8859_1);
  }

  private byte next() throws IOException {
    return take(1).readByte();
  }

  /** A Boolean, a Long or a BigInteger. */
  Object integerLine() throws IOException {
    String line = line();
    return switch (line) {
      case "00" -> false;
      case "01" -> true;
      default -> parseInteger(line);
    };
  }

  Object longLine() throws IOException {
    String line = line();
    return parseInteger(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
  }

  private Object parseInteger(String digits) throws FormatException {
    if (digits.length() > LONGEST_NUMBER) {
      throw bad("has an integer of " + digits.length() + " digits");
    }
    count(PARSED);
    try {
      return narrow(new BigInteger(digits));
    } catch (NumberFormatException _) {
      throw bad("has " + digits + " where an integer should be");
    }
  }

  double fractionLine() throws IOException {
    String digits = line();
    if (digits.length() > LONGEST_NUMBER) {
      throw bad("has a number of " + digits.length() + " characters");
    }
    count(PARSED);
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException _) {
      throw bad("has " + digits + " where a number should be");
    }
  }

  /** A string between quotes. */
  String quotedLine() throws IOException {
    String line = line();
    int last = line.length() - 1;
    if (last < 1 || line.charAt(0) != line.charAt(last) || "'\"".indexOf(line.charAt(0)) < 0) {
      throw bad("has a string without quotes");
    }
    return unescaped(line.substring(1, last));
  }

  String textLine() throws IOException {
    return unescaped(line());
  }

  private String unescaped(String text) throws FormatException {
    if (text.indexOf('\\') >= 0) {
      throw bad("has an escaped string (not supported)");
    }
    return text;
  }
}
