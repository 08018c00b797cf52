package org.spike2former.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * What reading any file may do: give a result, or throw an {@link IOException} that names the file;
 * take 5 s of CPU time, and allocate 64 MB and four times what it rightly holds.
 */
public final class Bounds {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long NANOSECONDS = 5_000_000_000L;
  private static final long BYTES = 64 << 20;
  private static final int TIMES = 4;

  private final Target target;
  private final Path folder;

  /**
   * Bounds on a target.
   *
   * @param folder an empty one, for its files
   */
  public Bounds(Target target, Path folder) throws IOException {
    this.target = target;
    this.folder = folder;
    for (Path file : target.beside()) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
  }

  /**
   * Reads an input; twice if it costs too much, since a first time may load classes.
   *
   * @return the refusal; null if it was accepted
   * @throws Finding if a bound does not hold
   */
  public IOException check(byte[] input) throws IOException {
    Path file = folder.resolve(target.fileName());
    Files.deleteIfExists(file);
    Files.write(file, target.asFile().apply(input), StandardOpenOption.CREATE_NEW);
    Cost cost = read(file);
    if (cost.excess() != null) {
      cost = read(file);
    }
    Throwable thrown = cost.thrown;
    if (thrown != null && !(thrown instanceof IOException)) {
      throw new Finding(target, input, "throws " + thrown, thrown);
    }
    if (thrown != null && !names(thrown.getMessage())) {
      String problem = "expected a message that names the file, found " + thrown.getMessage();
      throw new Finding(target, input, problem, thrown);
    }
    if (cost.excess() != null) {
      throw new Finding(target, input, cost.excess(), thrown);
    }
    return (IOException) thrown;
  }

  private Cost read(Path file) throws IOException {
    Content content = new Content();
    content.add(Files.size(file));
    Throwable thrown = null;
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long cpu = THREADS.getCurrentThreadCpuTime();
    try {
      target.reader().read(file, content);
    } catch (Throwable e) {
      thrown = e;
    }
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    return new Cost(thrown, cpu, allocated, content.bytes());
  }

  /** What reading took: nanoseconds, and bytes where the file holds so much content. */
  private record Cost(Throwable thrown, long cpu, long allocated, long content) {
    /** What is too much of it; null if nothing is. */
    String excess() {
      if (cpu > NANOSECONDS) {
        return String.format(Locale.ROOT, "takes %.1f s of CPU time", cpu / 1e9);
      }
      return allocated > BYTES + TIMES * content
          ? String.format(
              Locale.ROOT, "allocates %,d bytes, where the file holds %,d", allocated, content)
          : null;
    }
  }

  private boolean names(String message) {
    return message != null && message.contains(folder.getFileName().toString());
  }
}
