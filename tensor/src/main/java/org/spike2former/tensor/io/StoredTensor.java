package org.spike2former.tensor.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.spike2former.tensor.Tensor;

/**
 * A tensor of a file that need not be open, read anew whenever it is asked for. Whoever trains may
 * have written over the file since, so its bytes are compared with those that were there first, by
 * their checksum.
 */
final class StoredTensor implements Supplier<Tensor> {
  private final Path file;
  private final SafetensorsHeader.Entry entry;
  private final long start;
  private final long checksum;

  /**
   * A tensor that is there now.
   *
   * @param start byte of the file to which the entry's are relative
   * @param bytes the elements as they are now
   */
  StoredTensor(Path file, SafetensorsHeader.Entry entry, long start, MemorySegment bytes) {
    this.file = file;
    this.entry = entry;
    this.start = start;
    this.checksum = checksum(bytes);
  }

  /**
   * The tensor.
   *
   * @throws UncheckedIOException if it cannot be read any more, or is another by now
   */
  @Override
  public Tensor get() {
    try {
      MemorySegment bytes = MemorySegment.ofArray(read());
      if (checksum(bytes) != checksum) {
        throw changed(null);
      }
      return Elements.tensor(entry.type(), bytes, entry.shape());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private byte[] read() throws IOException {
    long length = entry.end() - entry.begin();
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < start + entry.end()) {
        throw changed(null);
      }
      return channel
          .map(FileChannel.MapMode.READ_ONLY, start + entry.begin(), length, arena)
          .toArray(ValueLayout.JAVA_BYTE);
    } catch (InternalError e) {
      throw Safetensors.cut(file, e);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw changed(e);
    }
  }

  private FormatException changed(IOException cause) {
    return new FormatException(
        file,
        "is needed again for "
            + entry.name()
            + ", but "
            + (cause == null ? "has changed" : "cannot be read any more")
            + " since the model was loaded; load the model again",
        cause);
  }

  private static long checksum(MemorySegment bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.asByteBuffer());
    return checksum.getValue();
  }
}
