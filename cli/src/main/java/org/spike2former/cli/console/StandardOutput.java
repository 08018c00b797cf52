package org.spike2former.cli.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.spike2former.tensor.io.Printable;

/**
 * Standard output, which may be a pipe whose reader has had enough, as {@code head} has after ten
 * lines. Then {@link Closed} ends the command; all other failures are left to {@code checkError}.
 */
public final class StandardOutput extends FilterOutputStream {
  /**
   * The reader is gone. An error, so that nothing that goes on after exceptions, to the next image
   * for example, goes on after it.
   */
  public static final class Closed extends Error {
    private static final long serialVersionUID = 1;

    Closed() {
      super("the reader of standard output is gone", null, false, false);
    }
  }

  /** Where standard output is to go if drivers may print too; theirs goes to standard error. */
  private static final String MOVED = "s2f.output";

  private StandardOutput(OutputStream out) {
    super(out);
  }

  /**
   * Text as it is shown. Names in it may come from files, and a terminal would do what their
   * control characters say; those of file names can break lines too.
   */
  private static final class Shown extends PrintStream {
    Shown(OutputStream out) {
      super(out, true, StandardCharsets.UTF_8);
    }

    @Override
    public void print(String text) {
      super.print(text == null ? null : Printable.controls(text));
    }

    @Override
    public PrintStream format(Locale locale, String format, Object... arguments) {
      Object[] shown = arguments.clone();
      Arrays.setAll(shown, i -> shown[i] instanceof Path path ? Printable.of("" + path) : shown[i]);
      return super.format(locale, format, shown);
    }
  }

  /**
   * UTF-8, whatever the locale; lines appear when they are whole, and control characters are
   * escaped.
   */
  public static PrintStream to(OutputStream out) {
    return new Shown(new StandardOutput(new BufferedOutputStream(out)));
  }

  /**
   * Standard output and standard error of this process become UTF-8.
   *
   * @throws IOException if the launcher has moved standard output to where it cannot be opened
   */
  public static void install() throws IOException {
    String moved = System.getProperty(MOVED);
    System.setOut(
        to(
            moved == null
                ? new FileOutputStream(FileDescriptor.out)
                : new FileOutputStream(moved, true)));
    System.setErr(
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.err)),
            true,
            StandardCharsets.UTF_8));
  }

  @Override
  public void write(int b) throws IOException {
    try {
      out.write(b);
    } catch (IOException e) {
      throw closedOr(e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw closedOr(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw closedOr(e);
    }
  }

  /** Java tells the causes apart by the system's words alone; the launcher has them in English. */
  private static IOException closedOr(IOException e) {
    if ("Broken pipe".equals(e.getMessage())) {
      throw new Closed();
    }
    return e;
  }
}
