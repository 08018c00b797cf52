package org.spike2former.train.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.spike2former.tensor.io.FormatException;

/**
 * Keeps a folder to one run: a lock of the operating system on the file {@value #NAME}, whose text
 * says who holds it. The system drops the lock with the process, however that ends, so a file that
 * was left behind keeps no one out.
 */
public final class RunLock implements AutoCloseable {
  static final String NAME = "run.lock";

  /** Beyond any text, so that systems whose locks are mandatory let others read it. */
  private static final long PLACE = Long.MAX_VALUE - 1;

  /**
   * What this process holds. The system's locks belong to processes and go when any channel on the
   * file is closed, so a second run in this process must not even open it.
   */
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path folder;
  private final FileChannel channel;

  private RunLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the lock of an existing folder.
   *
   * @param notices gets a line where the file system has no locks
   * @throws IOException naming the folder and who holds it
   */
  public static RunLock take(Path output, Consumer<String> notices) throws IOException {
    Path folder = output.toRealPath();
    String me = describe();
    String other = HELD.putIfAbsent(folder, me);
    if (other != null) {
      throw held(output, other);
    }
    FileChannel channel = null;
    try {
      Path file = folder.resolve(NAME);
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock;
      try {
        lock = channel.tryLock(PLACE, 1, false);
      } catch (IOException e) {
        notices.accept(
            output + ": no locks here (" + e.getMessage() + "): nothing keeps a second run out");
        return new RunLock(folder, channel);
      }
      if (lock == null) {
        throw held(output, Files.readString(file, StandardCharsets.UTF_8).strip());
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((me + "\n").getBytes(StandardCharsets.UTF_8)));
      return new RunLock(folder, channel);
    } catch (IOException | RuntimeException e) {
      HELD.remove(folder);
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  private static FormatException held(Path output, String holder) {
    return new FormatException(
        output,
        "another run trains there: "
            + (holder.isEmpty() ? "it has not said who it is" : holder)
            + "; wait for its end, or choose another output");
  }

  private static String describe() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      host = "an unknown host";
    }
    return "process "
        + ProcessHandle.current().pid()
        + " on "
        + host
        + " since "
        + Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Gives it back; the file stays, since another process may be about to lock it. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(folder);
    }
  }
}
