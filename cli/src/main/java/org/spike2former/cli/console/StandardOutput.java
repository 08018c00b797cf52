package org.spike2former.cli.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

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

  private StandardOutput(OutputStream out) {
    super(out);
  }

  /** UTF-8, whatever the locale; lines appear when they are whole. */
  public static PrintStream to(OutputStream out) {
    return new PrintStream(
        new StandardOutput(new BufferedOutputStream(out)), true, StandardCharsets.UTF_8);
  }

  /** Standard output and standard error of this process become UTF-8. */
  public static void install() {
    System.setOut(to(new FileOutputStream(FileDescriptor.out)));
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
