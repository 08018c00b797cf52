package org.spike2former.tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, and the
 * tensors' little-endian elements without gaps.
 *
 * <p>An open file is memory-mapped and may be read by several threads.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors implements TensorArchive {
  private final Path path;
  private final Arena arena;
  private final MemorySegment data;

  /** Byte of the file where data begins. */
  private final long start;

  private final Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> others;
  private final Map<String, String> metadata;

  private Safetensors(Path path, Arena arena, MemorySegment all) throws IOException {
    this.path = path;
    this.arena = arena;
    long fileSize = all.byteSize();
    if (fileSize < 8) {
      throw new FormatException(path, "has " + fileSize + " bytes, too few for a safetensors file");
    }
    long length = all.get(Elements.LONG, 0);
    if (length < 2 || length > fileSize - 8) {
      throw new FormatException(
          path,
          "claims a header of "
              + Long.toUnsignedString(length)
              + " bytes in a file of "
              + fileSize
              + ": truncated, or not a safetensors file");
    }
    if (length > FileLimit.HEADER_BYTES.value()) {
      throw new FormatException(
          path,
          "has a header of " + length + " bytes, more than " + FileLimit.HEADER_BYTES.of("bytes"));
    }
    this.start = 8 + length;
    this.data = all.asSlice(start);
    byte[] json = all.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
    if (json[0] != '{') {
      throw new FormatException(path, "its header does not begin with {");
    }
    SafetensorsHeader header = new SafetensorsHeader(path, json, data.byteSize());
    header.entries().forEach(entry -> entries.put(entry.name(), entry));
    this.others = header.others();
    this.metadata = Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Maps a file and checks its header and layout.
   *
   * @throws FormatException if anything is not as the format demands
   */
  public static Safetensors open(Path file) throws IOException {
    TensorFiles.head(file);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new Safetensors(file, arena, all);
    } catch (InternalError e) {
      arena.close();
      throw cut(file, e);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Checks the header and layout of a file's content.
   *
   * @param name named in errors
   * @param content not copied
   * @throws FormatException if anything is not as the format demands
   */
  public static Safetensors of(Path name, byte[] content) throws IOException {
    return new Safetensors(name, Arena.ofShared(), MemorySegment.ofArray(content));
  }

  /** Where a mapped page is gone, the JVM throws an error. */
  static FormatException cut(Path file, InternalError e) {
    return new FormatException(
        file, "was cut off, or cannot be read any more, while it was open; try again", e);
  }

  /**
   * Writes tensors: float32 as F32, float64 as F64, spikes as U8 without their scale. The bytes
   * depend on names and content alone, and are those of the reference implementation: wide types
   * first, then by name.
   *
   * @param metadata strings for the {@code __metadata__} of the header; may be empty
   * @throws IllegalArgumentException if a tensor is named {@code __metadata__}
   * @throws IOException if the file cannot be written; an older file is then still there
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    write(file, tensors, metadata, false);
  }

  /**
   * The same, with float32 as F16, rounded to the nearest.
   *
   * @throws IllegalArgumentException naming a tensor of which a number is too large for that
   */
  public static void writeHalf(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    tensors.forEach(Elements::requireHalf);
    write(file, tensors, metadata, true);
  }

  private static void write(
      Path file, Map<String, Tensor> tensors, Map<String, String> metadata, boolean half)
      throws IOException {
    List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
    ordered.sort(
        Comparator.comparing(
                (Map.Entry<String, Tensor> e) -> -fileType(e.getValue().dtype(), half).bytes())
            .thenComparing(Map.Entry::getKey));
    byte[] header = header(ordered, metadata, half);
    AtomicFile.write(
        file,
        out -> {
          writeStart(header, out);
          for (Map.Entry<String, Tensor> entry : ordered) {
            ElementType type = fileType(entry.getValue().dtype(), half);
            Elements.write(entry.getValue(), type, out);
          }
        });
  }

  /** Writes what comes before the elements. */
  static void writeStart(byte[] header, WritableByteChannel out) throws IOException {
    ByteBuffer start =
        ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .flip();
    while (start.hasRemaining()) {
      out.write(start);
    }
  }

  private static byte[] header(
      List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata, boolean half)
      throws IOException {
    List<SafetensorsHeader.Entry> entries = new ArrayList<>();
    long position = 0;
    for (Map.Entry<String, Tensor> entry : tensors) {
      Tensor tensor = entry.getValue();
      entries.add(entry(entry.getKey(), tensor, fileType(tensor.dtype(), half), position));
      position = entries.getLast().end();
    }
    return SafetensorsHeader.encode(entries, metadata);
  }

  /** A tensor whose elements begin at a byte of the data. */
  static SafetensorsHeader.Entry entry(String name, Tensor tensor, long begin) {
    return entry(name, tensor, fileType(tensor.dtype(), false), begin);
  }

  private static SafetensorsHeader.Entry entry(
      String name, Tensor tensor, ElementType type, long begin) {
    long end = begin + (long) tensor.size() * type.bytes();
    return new SafetensorsHeader.Entry(name, type, tensor.shape(), begin, end);
  }

  private static ElementType fileType(DType dtype, boolean half) {
    return switch (dtype) {
      case F32 -> half ? ElementType.F16 : ElementType.F32;
      case F64 -> ElementType.F64;
      case SPIKES, LABELS -> ElementType.U8;
    };
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  @Override
  public ElementType type(String name) {
    return find(name).type();
  }

  @Override
  public int[] shape(String name) {
    return find(name).shape().clone();
  }

  /** The strings under {@code __metadata__} in the header. */
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public Tensor read(String name) throws FormatException {
    SafetensorsHeader.Entry entry = find(name);
    requireReadable(entry);
    try {
      return Elements.tensor(entry.type(), slice(entry), entry.shape());
    } catch (InternalError e) {
      throw cut(path, e);
    }
  }

  @Override
  public Supplier<Tensor> reader(String name) throws FormatException {
    SafetensorsHeader.Entry entry = find(name);
    requireReadable(entry);
    if (!data.isMapped() || entry.end() - entry.begin() > Integer.MAX_VALUE) {
      return null;
    }
    try {
      return new StoredTensor(path, entry, start, slice(entry));
    } catch (InternalError e) {
      throw cut(path, e);
    }
  }

  @Override
  public byte[] readBytes(String name) throws FormatException {
    SafetensorsHeader.Entry entry = find(name);
    requireReadable(entry);
    Elements.requireByte(path, name, entry.type());
    try {
      return slice(entry).toArray(ValueLayout.JAVA_BYTE);
    } catch (InternalError e) {
      throw cut(path, e);
    }
  }

  private void requireReadable(SafetensorsHeader.Entry entry) throws FormatException {
    if (entry.type() == ElementType.OTHER) {
      throw new FormatException(
          path,
          "cannot read tensor "
              + entry.name()
              + ", which has elements of "
              + others.get(entry.name()));
    }
  }

  private MemorySegment slice(SafetensorsHeader.Entry entry) {
    return data.asSlice(entry.begin(), entry.end() - entry.begin());
  }

  private SafetensorsHeader.Entry find(String name) {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(path + ": has no tensor " + name);
    }
    return entry;
  }

  @Override
  public void close() {
    arena.close();
  }
}
