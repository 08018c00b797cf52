package org.spike2former.data.event;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The events of a text file, one a line, numbers between spaces, tabs, commas or semicolons. Empty
 * lines and those that begin with # are passed over. Lines are read one by one, so that a file may
 * be as long as it likes.
 */
public final class EventReader implements Closeable {
  /** More than any line of numbers has. */
  private static final int MAX_LINE = 1000;

  /** Takes events in their order. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes one.
     *
     * @param nanos its time
     * @param positive its polarity
     */
    void event(int x, int y, long nanos, boolean positive) throws IOException;
  }

  private final Path file;
  private final EventFormat format;
  private final BufferedReader in;
  private final int[] starts = new int[4];
  private final int[] ends = new int[4];
  private final int xColumn;
  private final int yColumn;
  private final int tColumn;
  private final int pColumn;
  private String line;
  private long number;
  private long last = Long.MIN_VALUE;

  /**
   * Opens a file.
   *
   * @throws IOException naming the file that cannot be read
   */
  public EventReader(Path file, EventFormat format) throws IOException {
    this.file = file;
    this.format = format;
    xColumn = format.columns().indexOf('x');
    yColumn = format.columns().indexOf('y');
    tColumn = format.columns().indexOf('t');
    pColumn = format.columns().indexOf('p');
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + (Files.exists(file) ? ": not a file" : ": no such file"));
    }
    in = Files.newBufferedReader(file, StandardCharsets.UTF_8);
  }

  /**
   * Reads all events.
   *
   * @return how many there were
   * @throws IOException "FILE: line N: what is wrong"
   */
  public long read(Sink sink) throws IOException {
    long events = 0;
    while (next()) {
      if (number == 1 && format.header()) {
        continue;
      }
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      split();
      int x = place("x", xColumn, format.width());
      int y = place("y", yColumn, format.height());
      long nanos = nanos();
      if (nanos < last) {
        throw error("its time is before that of the event in front; sort the events by time");
      }
      last = nanos;
      sink.event(x, y, nanos, positive());
      events++;
    }
    return events;
  }

  /** Reads a line, which is not held where it is longer than any of events. */
  private boolean next() throws IOException {
    number++;
    StringBuilder text = new StringBuilder(32);
    int read;
    try {
      while ((read = in.read()) >= 0 && read != '\n') {
        text.append((char) read);
        if (text.length() > MAX_LINE) {
          throw error("longer than " + MAX_LINE + " characters; expected an event");
        }
      }
    } catch (MalformedInputException e) {
      throw new IOException(
          file + ": line " + number + ": not text; expected lines of x, y, t and p", e);
    }
    boolean cut = !text.isEmpty() && text.charAt(text.length() - 1) == '\r';
    line = cut ? text.substring(0, text.length() - 1) : text.toString();
    return read >= 0 || !text.isEmpty();
  }

  private static boolean separates(char c) {
    return c == ' ' || c == '\t' || c == ',' || c == ';';
  }

  /** Finds the first four columns. */
  private void split() throws IOException {
    int at = 0;
    int length = line.length();
    for (int column = 0; column < starts.length; column++) {
      while (at < length && separates(line.charAt(at))) {
        at++;
      }
      starts[column] = at;
      while (at < length && !separates(line.charAt(at))) {
        at++;
      }
      ends[column] = at;
      if (starts[column] == at) {
        throw error(
            "expected "
                + String.join(", ", format.columns().split(""))
                + ", found "
                + quoted(line)
                + hint());
      }
    }
  }

  private String text(int column) {
    return line.substring(starts[column], ends[column]);
  }

  private int place(String name, int column, int size) throws IOException {
    long value = whole(column);
    if (value < 0 || value >= size) {
      throw error(
          name
              + " must be a whole number from 0 to "
              + (size - 1)
              + ", found "
              + quoted(text(column))
              + hint());
    }
    return (int) value;
  }

  /** A number of digits, perhaps with a zero fraction; −1 for anything else. */
  private long whole(int column) {
    int end = ends[column];
    long value = 0;
    int at = starts[column];
    while (at < end && isDigit(line.charAt(at)) && value < Long.MAX_VALUE / 20) {
      value = 10 * value + line.charAt(at) - '0';
      at++;
    }
    if (at == starts[column]) {
      return -1;
    }
    if (at < end && line.charAt(at) == '.') {
      at++;
      while (at < end && line.charAt(at) == '0') {
        at++;
      }
    }
    return at == end ? value : -1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The time; digits after the nanosecond are rounded. */
  private long nanos() throws IOException {
    long unit = format.unit().nanos();
    long whole = whole(tColumn);
    if (whole >= 0 && whole <= Long.MAX_VALUE / 4 / unit) {
      return whole * unit;
    }
    try {
      // A small exponent only: 1e999999999 would have that many digits.
      String text = text(tColumn);
      if (text.length() > 64 || text.matches(".*[eE][+-]?\\d{3,}")) {
        throw new NumberFormatException();
      }
      BigDecimal nanos = new BigDecimal(text).multiply(BigDecimal.valueOf(unit));
      long value = nanos.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
      if (Math.abs(value) <= Long.MAX_VALUE / 4) {
        return value;
      }
    } catch (ArithmeticException | NumberFormatException _) {
      // Told below.
    }
    throw error(
        "t must be a time in "
            + format.unit().word()
            + ", found "
            + quoted(text(tColumn))
            + hint());
  }

  private boolean positive() throws IOException {
    String text = text(pColumn);
    int value =
        switch (text) {
          case "1", "+1", "1.0" -> 1;
          case "0", "0.0" -> 0;
          case "-1", "-1.0" -> -1;
          default -> 2;
        };
    if (value != 1 && value != (format.signed() ? -1 : 0)) {
      throw error(
          "p must be "
              + (format.signed() ? "-1 or 1" : "0 or 1")
              + ", found "
              + quoted(text)
              + hint());
    }
    return value == 1;
  }

  /** A first line that is no event may be a header. */
  private String hint() {
    boolean words =
        Arrays.stream(line.split("[ \t,;]+")).anyMatch(part -> part.matches("[a-zA-Z].*"));
    return number == 1 && words && !format.header() ? "; is it a header (--header)?" : "";
  }

  private static String quoted(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return '"' + shown.replaceAll("\\p{Cntrl}", " ") + '"';
  }

  private IOException error(String problem) {
    return new IOException(file + ": line " + number + ": " + problem);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
