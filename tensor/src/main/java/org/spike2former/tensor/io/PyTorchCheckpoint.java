package org.spike2former.tensor.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.TorchGlobals.Storage;
import org.spike2former.tensor.io.TorchGlobals.View;

/**
 * The state dict of a checkpoint that {@code torch.save} wrote (PyTorch 1.6 and later): a zip
 * archive with a pickle and one entry for each storage.
 *
 * <p>The state dict is what the checkpoint has under {@code state_dict}, {@code model} or {@code
 * module}, or else the checkpoint itself. Nested dictionaries and lists in it are joined with dots;
 * what is not a tensor is left out. No code in the pickle is run, see {@link TorchGlobals}.
 */
public final class PyTorchCheckpoint implements TensorArchive {
  private static final List<String> STATE_DICTS = List.of("state_dict", "model", "module");
  private static final String AVERAGED = "state_dict_ema";
  private static final String PICKLE = "data.pkl";
  private static final int MAX_DEPTH = 32;
  private static final int MAX_VALUES = 1_000_000;
  private static final int MAX_TENSORS = 100_000;
  private static final int LONGEST_NAME = 1 << 10;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** What an archive may inflate to: torch.save does not compress at all. */
  private static final int MAX_RATIO = 100;

  private static final long FREE_SIZE = 64L << 20;

  private final Path path;
  private final ZipFile zip;
  private final String prefix;
  private final Map<String, View> views = new LinkedHashMap<>();
  private int visited;

  private PyTorchCheckpoint(Path path, ZipFile zip) throws IOException {
    this.path = path;
    this.zip = zip;
    ZipEntry pickle = findPickle();
    this.prefix = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
    checkByteOrder();
    Object root;
    CRC32 checksum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(pickle), checksum)) {
      root = new PickleReader(path, in, pickle.getSize(), new TorchGlobals(path)).read();
    }
    if (!checksumHolds(pickle, checksum)) {
      throw new FormatException(path, "its entry " + pickle.getName() + " is damaged");
    }
    collect(root);
  }

  /**
   * Reads the structure of a checkpoint; tensors are read when asked for.
   *
   * @throws FormatException if it is not a checkpoint, is damaged, or names a class that tensors do
   *     not need
   */
  public static PyTorchCheckpoint open(Path file) throws IOException {
    byte[] head = TensorFiles.head(file);
    if (!TensorFiles.isZip(head)) {
      throw new FormatException(
          file, "expected a PyTorch checkpoint, found " + TensorFiles.describe(head));
    }
    ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      PyTorchCheckpoint checkpoint = new PyTorchCheckpoint(file, zip);
      zip = null;
      return checkpoint;
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    } finally {
      if (zip != null) {
        zip.close();
      }
    }
  }

  private static FormatException damaged(Path file, IOException e) {
    String reason = e.getMessage() == null ? "an entry ends too early" : e.getMessage();
    return new FormatException(file, "is a damaged or truncated zip archive: " + reason, e);
  }

  private ZipEntry findPickle() throws IOException {
    ZipEntry pickle = null;
    long allowed = FREE_SIZE + MAX_RATIO * Files.size(path);
    for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
      String name = entry.getName();
      if (entry.getSize() < 0 || entry.getSize() > allowed) {
        throw new FormatException(
            path, "is of " + Files.size(path) + " bytes and inflates too far, at entry " + name);
      }
      allowed -= entry.getSize();
      if (name.endsWith("/constants.pkl")) {
        throw new FormatException(
            path, "is a TorchScript program, expected a checkpoint with a state dict");
      }
      if (name.equals(PICKLE) || name.endsWith("/" + PICKLE)) {
        if (pickle != null) {
          throw new FormatException(path, "has two pickles: " + pickle.getName() + ", " + name);
        }
        pickle = entry;
      }
    }
    if (pickle == null) {
      throw new FormatException(path, "is a zip archive without data.pkl, not a checkpoint");
    }
    return pickle;
  }

  private void checkByteOrder() throws IOException {
    ZipEntry entry = zip.getEntry(prefix + "byteorder");
    if (entry != null) {
      try (InputStream in = zip.getInputStream(entry)) {
        String order = new String(in.readNBytes(16), StandardCharsets.US_ASCII).strip();
        if (!order.equals("little")) {
          throw new FormatException(path, "has byte order " + order + ", expected little");
        }
      }
    }
  }

  private void collect(Object root) throws FormatException {
    if (!(root instanceof Map<?, ?> checkpoint)) {
      throw new FormatException(path, "holds a single value, expected a dictionary of tensors");
    }
    String where = "at its top level or under " + STATE_DICTS;
    Map<?, ?> state = checkpoint;
    for (String key : STATE_DICTS) {
      if (checkpoint.get(key) instanceof Map<?, ?> found) {
        state = found;
        where = "under " + key;
        break;
      }
    }
    for (Map.Entry<?, ?> entry : state.entrySet()) {
      if (!AVERAGED.equals(entry.getKey())) {
        collect(entry.getKey(), "", entry.getValue(), 0);
      }
    }
    if (views.isEmpty()) {
      throw new FormatException(path, "has no tensors " + where);
    }
  }

  private void collect(Object key, String parent, Object item, int depth) throws FormatException {
    Object value = item instanceof PickleReader.Tuple tuple ? tuple.items() : item;
    if (++visited > MAX_VALUES) {
      throw new FormatException(path, "has more than " + MAX_VALUES + " values in its state dict");
    }
    if (!(value instanceof Map || value instanceof List || value instanceof View)) {
      return;
    }
    if (!(key instanceof String || key instanceof Number)) {
      throw new FormatException(path, "has a tensor under '" + parent + "' without a name");
    }
    String name = parent + key;
    if (depth > MAX_DEPTH || name.length() > LONGEST_NAME) {
      throw new FormatException(path, "nests its state dict too deep, at " + name);
    }
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        collect(entry.getKey(), name + ".", entry.getValue(), depth + 1);
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect((long) i, name + ".", list.get(i), depth + 1);
      }
    } else {
      add(name, (View) value);
    }
  }

  private void add(String name, View view) throws FormatException {
    Storage storage = view.storage();
    int width = storage.type().bytes();
    ZipEntry entry = entry(storage);
    long found = entry == null ? 0 : entry.getSize();
    if (found % width != 0 || found / width != storage.size()) {
      throw new FormatException(
          path,
          "tensor "
              + name
              + " needs "
              + storage.size()
              + " elements of "
              + storage.type()
              + " in "
              + prefix
              + "data/"
              + storage.key()
              + ", found "
              + found
              + " bytes");
    }
    long elements = Math.max(view.span(), Elements.count(path, "tensor " + name, view.shape()));
    if (elements > MAX_BYTES / width) {
      throw new FormatException(path, "tensor " + name + " spans more than 2 GiB (not supported)");
    }
    if (views.put(name, view) != null) {
      throw new FormatException(path, "has tensor " + name + " twice");
    }
    if (views.size() > MAX_TENSORS) {
      throw new FormatException(path, "has more than " + MAX_TENSORS + " tensors");
    }
  }

  private ZipEntry entry(Storage storage) {
    return zip.getEntry(prefix + "data/" + storage.key());
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<String> names() {
    return List.copyOf(views.keySet());
  }

  @Override
  public ElementType type(String name) {
    return find(name).storage().type();
  }

  @Override
  public int[] shape(String name) {
    return find(name).shape().clone();
  }

  @Override
  public Tensor read(String name) throws IOException {
    View view = find(name);
    return Elements.tensor(view.storage().type(), elements(name, view), view.shape());
  }

  @Override
  public byte[] readBytes(String name) throws IOException {
    View view = find(name);
    Elements.requireByte(path, name, view.storage().type());
    MemorySegment elements = elements(name, view);
    return elements.toArray(ValueLayout.JAVA_BYTE);
  }

  /** The elements of a view, row-major. */
  private MemorySegment elements(String name, View view) throws IOException {
    int width = view.storage().type().bytes();
    int length = (int) view.span() * width;
    if (length == 0) {
      return MemorySegment.ofArray(new byte[0]);
    }
    byte[] bytes;
    ZipEntry entry = entry(view.storage());
    try (InputStream in = zip.getInputStream(entry)) {
      in.skipNBytes(view.offset() * width);
      bytes = in.readNBytes(length);
    } catch (EOFException | ZipException e) {
      throw damaged(path, e);
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    boolean whole = length == entry.getSize();
    if (bytes.length != length || whole && !checksumHolds(entry, checksum)) {
      throw new FormatException(path, "tensor " + name + " is damaged in entry " + entry.getName());
    }
    MemorySegment source = MemorySegment.ofArray(bytes);
    return Elements.isRowMajor(view.shape(), view.strides())
        ? source
        : Elements.gather(source, width, view.shape(), view.strides());
  }

  /** PyTorch writes 0 where it was told not to compute a checksum. */
  private static boolean checksumHolds(ZipEntry entry, CRC32 found) {
    return entry.getCrc() == 0 || entry.getCrc() == found.getValue();
  }

  private View find(String name) {
    View view = views.get(name);
    if (view == null) {
      throw new IllegalArgumentException(path + ": has no tensor " + name);
    }
    return view;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
