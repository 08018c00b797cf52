package org.spike2former.tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spike2former.tensor.Tensor;

/**
 * One array in numpy's {@code .npy} format, versions 1 and 2: little-endian numbers and booleans in
 * C or Fortran order.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 16;
  private static final Map<String, ElementType> TYPES =
      Map.of(
          "f2", ElementType.F16,
          "f4", ElementType.F32,
          "f8", ElementType.F64,
          "i1", ElementType.I8,
          "u1", ElementType.U8,
          "i2", ElementType.I16,
          "i4", ElementType.I32,
          "i8", ElementType.I64,
          "b1", ElementType.BOOL);

  /** One property of the header, which is a Python dictionary literal. */
  private static final Pattern PROPERTY =
      Pattern.compile(
          "\\s*'(\\w+)'\\s*:\\s*('[^']*+'|True|False|\\([\\d,\\s]*+\\))\\s*(,|(?=\\}))");

  private final ElementType type;
  private final int[] shape;
  private final MemorySegment elements;
  private final Path path;

  private Npy(Path path, ElementType type, int[] shape, MemorySegment elements) {
    this.path = path;
    this.type = type;
    this.shape = shape;
    this.elements = elements;
  }

  /**
   * Reads a file.
   *
   * @throws FormatException if it is not such an array, or its size is not what its header says
   */
  public static Npy read(Path file) throws IOException {
    byte[] head = TensorFiles.head(file);
    if (!Arrays.equals(head, 0, Math.min(head.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
      throw new FormatException(
          file, "expected an array of numpy (.npy), found " + FileKind.of(head));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return parse(file, all);
    } catch (InternalError e) {
      throw Safetensors.cut(file, e);
    }
  }

  private static Npy parse(Path file, MemorySegment all) throws FormatException {
    int start = 10;
    long length = 0;
    if (all.byteSize() >= 12) {
      int version = all.get(ValueLayout.JAVA_BYTE, 6);
      if (version != 1 && version != 2) {
        throw new FormatException(file, "has version " + version + ", expected 1 or 2");
      }
      start = version == 1 ? 10 : 12;
      length =
          version == 1
              ? Short.toUnsignedLong(all.get(Elements.SHORT, 8))
              : Integer.toUnsignedLong(all.get(Elements.INT, 8));
    }
    if (length == 0 || length > MAX_HEADER || start + length > all.byteSize()) {
      throw new FormatException(
          file, "claims a header of " + length + " bytes in a file of " + all.byteSize());
    }
    byte[] text = all.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
    Map<String, String> header = header(file, new String(text, StandardCharsets.ISO_8859_1));
    ElementType type = type(file, header.get("descr"));
    int[] shape = shape(file, header.get("shape"));
    int count = Elements.count(file, "the array", shape);
    MemorySegment data = all.asSlice(start + length);
    if (data.byteSize() != (long) count * type.bytes()) {
      throw new FormatException(
          file,
          "holds "
              + data.byteSize()
              + " bytes of elements, its header needs "
              + (long) count * type.bytes());
    }
    if (data.byteSize() > Integer.MAX_VALUE - 8) {
      throw new FormatException(file, "holds more than 2 GiB, too much for this reader");
    }
    if (header.get("fortran_order").equals("True")) {
      return new Npy(
          file, type, shape, Elements.gather(data, type.bytes(), shape, columnMajor(shape)));
    }
    return new Npy(file, type, shape, MemorySegment.ofArray(data.toArray(ValueLayout.JAVA_BYTE)));
  }

  private static Map<String, String> header(Path file, String text) throws FormatException {
    Map<String, String> header = new HashMap<>();
    String trimmed = text.strip();
    Matcher matcher = PROPERTY.matcher(trimmed);
    int position = 1;
    while (matcher.region(position, trimmed.length()).lookingAt()) {
      if (header.put(matcher.group(1), matcher.group(2)) != null) {
        throw new FormatException(file, "its header has " + matcher.group(1) + " twice");
      }
      position = matcher.end();
    }
    String rest = trimmed.substring(Math.min(position, trimmed.length())).strip();
    if (!trimmed.startsWith("{")
        || !rest.equals("}")
        || header.size() != 3
        || !header.getOrDefault("descr", "").startsWith("'")
        || !header.getOrDefault("shape", "").startsWith("(")
        || !header.getOrDefault("fortran_order", "").matches("True|False")) {
      throw new FormatException(
          file,
          "its header is not a dictionary of a simple descr, a fortran_order and a shape: " + text);
    }
    return header;
  }

  private static ElementType type(Path file, String quoted) throws FormatException {
    String descr = quoted.substring(1, quoted.length() - 1);
    ElementType type = descr.isEmpty() ? null : TYPES.get(descr.substring(1));
    if (type == null || descr.charAt(0) != '<' && !(descr.charAt(0) == '|' && type.bytes() == 1)) {
      throw new FormatException(
          file,
          "has elements of type "
              + quoted
              + ", expected little-endian f2, f4, f8, i1, i2, i4, i8, u1 or b1");
    }
    return type;
  }

  private static int[] shape(Path file, String tuple) throws FormatException {
    String inner = tuple.substring(1, tuple.length() - 1).strip();
    if (inner.isEmpty()) {
      return new int[0];
    }
    if (inner.endsWith(",")) {
      inner = inner.substring(0, inner.length() - 1);
    } else if (!inner.contains(",")) {
      throw new FormatException(file, "its shape is not a tuple: " + tuple);
    }
    String[] parts = inner.split(",", -1);
    int[] shape = new int[parts.length];
    for (int axis = 0; axis < parts.length; axis++) {
      try {
        shape[axis] = Integer.parseInt(parts[axis].strip());
      } catch (NumberFormatException e) {
        throw new FormatException(file, "its shape is not one of an array: " + tuple, e);
      }
    }
    return shape;
  }

  private static long[] columnMajor(int... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return strides;
  }

  /**
   * Writes a tensor as numpy does: float32 as f4, float64 as f8, spikes and labels as u1, without a
   * scale.
   *
   * @throws IOException if the file cannot be written; an older file is then still there
   */
  public static void write(Path file, Tensor tensor) throws IOException {
    String descr =
        switch (tensor.dtype()) {
          case F32 -> "<f4";
          case F64 -> "<f8";
          case SPIKES, LABELS -> "|u1";
        };
    String shape =
        Arrays.stream(tensor.shape()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String dictionary =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
            descr,
            tensor.rank() == 1 ? shape + "," : shape);
    int length = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
    String padded = dictionary + " ".repeat(length - dictionary.length() - 1) + "\n";
    ByteBuffer start =
        ByteBuffer.allocate(10 + length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) length)
            .put(padded.getBytes(StandardCharsets.US_ASCII))
            .flip();
    AtomicFile.write(
        file,
        out -> {
          while (start.hasRemaining()) {
            out.write(start);
          }
          Elements.write(tensor, out);
        });
  }

  /** Element type in the file. */
  public ElementType type() {
    return type;
  }

  /** Shape; empty for a scalar. */
  public int[] shape() {
    return shape.clone();
  }

  /** The array as real numbers, by the rule of {@link TensorArchive#read}. */
  public Tensor tensor() {
    return Elements.tensor(type, elements, shape);
  }

  /**
   * The elements of a one-byte type, row-major.
   *
   * @throws IllegalArgumentException if the type is wider
   */
  public byte[] bytes() {
    Elements.requireByte(path, "in it", type);
    return elements.toArray(ValueLayout.JAVA_BYTE);
  }
}
