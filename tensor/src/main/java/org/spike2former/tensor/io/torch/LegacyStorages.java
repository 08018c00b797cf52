package org.spike2former.tensor.io.torch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.torch.TorchGlobals.Storage;

/**
 * The format that PyTorch wrote before 1.6, and writes on demand: pickles of a magic number, a
 * version, the machine, the checkpoint and the keys of its storages, then for each of these its
 * number of elements in eight bytes and the elements.
 */
public final class LegacyStorages implements Storages {
  private static final byte[] MAGIC = {
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19
  };

  /** Bytes before the magic number, which depend on the pickle's protocol. */
  private static final int MAX_START = 16;

  private static final long VERSION = 1001;

  /** Bytes of the elements of storages that are stepped over. */
  private static final Map<String, Integer> OTHER_WIDTHS =
      Map.of(
          "torch.storage.UntypedStorage", 1,
          "torch.UntypedStorage", 1,
          "torch.ComplexFloatStorage", 8,
          "torch.ComplexDoubleStorage", 16,
          "torch.QInt8Storage", 1,
          "torch.QUInt8Storage", 1,
          "torch.QInt32Storage", 4,
          "torch.QUInt4x2Storage", 1,
          "torch.QUInt2x4Storage", 1);

  private record Range(long begin, long size) {}

  private final Path path;
  private final FileChannel channel;
  private final Map<String, Range> ranges = new HashMap<>();
  private final Object root;

  private LegacyStorages(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    InputStream stream = Channels.newInputStream(channel);
    PickleInput in = new PickleInput(path, stream, channel.size());
    TorchGlobals globals = new TorchGlobals(path);
    Object magic = read(in, globals);
    Object version = read(in, globals);
    if (!(magic instanceof Number) || !version.equals(VERSION)) {
      throw new FormatException(path, "is a PyTorch checkpoint of an unknown version");
    }
    Object machine = read(in, globals);
    if (!(machine instanceof Map<?, ?> map) || !Boolean.TRUE.equals(map.get("little_endian"))) {
      throw new FormatException(path, "was not written on a little-endian machine");
    }
    root = read(in, globals);
    Object keys = read(in, globals);
    if (!(keys instanceof List)) {
      throw new FormatException(path, "has no list of its storages");
    }
    long position = channel.size() - in.remaining();
    for (Object key : (List<?>) keys) {
      position = place(key, globals.storages().get(key), position);
    }
  }

  private Object read(PickleInput in, TorchGlobals globals) throws IOException {
    Object value = new PickleReader(path, in, globals).read();
    return value == null ? "None" : value;
  }

  /** Finds the end of the storage that begins at a position. */
  private long place(Object key, Storage storage, long position) throws IOException {
    if (storage == null) {
      throw new FormatException(path, "lists storage " + key + ", which its pickle does not name");
    }
    Integer width =
        storage.type() == null
            ? OTHER_WIDTHS.get(storage.kind())
            : (Integer) storage.type().bytes();
    if (width == null) {
      throw new FormatException(path, "has a storage of the unknown kind " + storage.kind());
    }
    long available = channel.size() - position - 8;
    if (storage.size() < 0 || available < 0 || available / width < storage.size()) {
      throw new FormatException(
          path,
          "is truncated in storage "
              + key
              + " of "
              + storage.size()
              + " elements; download or copy it again");
    }
    long found = read(position, 8).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    if (found != storage.size()) {
      throw new FormatException(
          path, "has " + found + " elements in storage " + key + ", expected " + storage.size());
    }
    ranges.put(storage.key(), new Range(position + 8, width * storage.size()));
    return position + 8 + width * storage.size();
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new FormatException(path, "is truncated", new EOFException());
      }
    }
    return bytes;
  }

  static LegacyStorages open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new LegacyStorages(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Whether a file begins with the pickle of the magic number. */
  public static boolean isLegacy(byte[] head) {
    if (head.length < MAX_START + MAGIC.length || (head[0] & 0xff) != 0x80) {
      return false;
    }
    for (int at = 1; at < MAX_START; at++) {
      if (Arrays.equals(head, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public String place(Storage storage) {
    return "storage " + storage.key();
  }

  @Override
  public long size(Storage storage) {
    Range range = ranges.get(storage.key());
    return range == null ? 0 : range.size;
  }

  @Override
  public byte[] read(String tensor, Storage storage, long from, int length) throws IOException {
    return read(ranges.get(storage.key()).begin + from, length).array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
