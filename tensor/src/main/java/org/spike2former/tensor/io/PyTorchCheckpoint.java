package org.spike2former.tensor.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * <p>The state dict lies under a key such as {@code state_dict} or {@code model}, see {@link
 * Containers}, or is the checkpoint itself. Nested dictionaries and lists in it are joined with
 * dots; what is not a tensor is left out. No code in the pickle is run, and a class that is not
 * known stays a name, see {@link TorchGlobals}: it matters only where the weights should be.
 */
public final class PyTorchCheckpoint implements TensorArchive {
  private static final String PICKLE = "data.pkl";
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** What an archive may inflate to: torch.save does not compress at all. */
  private static final int MAX_RATIO = 100;

  private static final long FREE_SIZE = 64L << 20;

  private final Path path;
  private final ZipFile zip;
  private final String prefix;
  private final StateDict state;

  private PyTorchCheckpoint(Path path, ZipFile zip, String container) throws IOException {
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
    state = new StateDict(path, root, container);
    for (Map.Entry<String, Object> entry : state.tensors().entrySet()) {
      if (entry.getValue() instanceof View view) {
        check(entry.getKey(), view);
      }
    }
  }

  /**
   * Reads the structure of a checkpoint; tensors are read when asked for.
   *
   * @throws FormatException if it is not a checkpoint, is damaged, or its state dict is an object
   *     of an unknown class
   */
  public static PyTorchCheckpoint open(Path file) throws IOException {
    return open(file, null);
  }

  /**
   * Reads the structure of a checkpoint.
   *
   * @param container the keys, joined with dots, under which its state dict lies; empty for the
   *     checkpoint itself, null to choose
   * @throws FormatException as above, or if there are no tensors under that key
   */
  public static PyTorchCheckpoint open(Path file, String container) throws IOException {
    byte[] head = TensorFiles.head(file);
    if (!TensorFiles.isZip(head)) {
      throw new FormatException(file, "expected a PyTorch checkpoint, found " + FileKind.of(head));
    }
    ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      PyTorchCheckpoint checkpoint = new PyTorchCheckpoint(file, zip, container);
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
    return new FormatException(
        file,
        "is a damaged or truncated zip archive (" + reason + "); download or copy it again",
        e);
  }

  private ZipEntry findPickle() throws IOException {
    ZipEntry pickle = null;
    List<String> names = new ArrayList<>();
    long allowed = FREE_SIZE + MAX_RATIO * Files.size(path);
    for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
      String name = entry.getName();
      if (entry.getSize() < 0 || entry.getSize() > allowed) {
        throw new FormatException(
            path, "is of " + Files.size(path) + " bytes and inflates too far, at entry " + name);
      }
      allowed -= entry.getSize();
      names.add(name);
      if (name.equals(PICKLE) || name.endsWith("/" + PICKLE)) {
        if (pickle != null) {
          throw new FormatException(path, "has two pickles: " + pickle.getName() + ", " + name);
        }
        pickle = entry;
      }
    }
    if (pickle == null || zip.getEntry(programOf(pickle)) != null) {
      throw new FormatException(path, "is " + FileKind.ofZip(names));
    }
    return pickle;
  }

  /** The entry that only a TorchScript program has. */
  private static String programOf(ZipEntry pickle) {
    String name = pickle.getName();
    return name.substring(0, name.length() - PICKLE.length()) + "constants.pkl";
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

  private void check(String name, View view) throws FormatException {
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
    return List.copyOf(state.tensors().keySet());
  }

  @Override
  public ElementType type(String name) {
    return state.get(name) instanceof View view ? view.storage().type() : ElementType.OTHER;
  }

  @Override
  public int[] shape(String name) {
    Object tensor = state.get(name);
    return tensor instanceof View view ? view.shape().clone() : TorchGlobals.shape((Inert) tensor);
  }

  @Override
  public Tensor read(String name) throws IOException {
    View view = view(name);
    return Elements.tensor(view.storage().type(), elements(name, view), view.shape());
  }

  @Override
  public byte[] readBytes(String name) throws IOException {
    View view = view(name);
    Elements.requireByte(path, name, view.storage().type());
    MemorySegment elements = elements(name, view);
    return elements.toArray(ValueLayout.JAVA_BYTE);
  }

  private View view(String name) throws FormatException {
    Object tensor = state.get(name);
    if (tensor instanceof Inert object) {
      throw new FormatException(path, "cannot read tensor " + name + ", which " + object.flaw());
    }
    return (View) tensor;
  }

  @Override
  public String container() {
    return state.container();
  }

  @Override
  public List<String> otherContainers() {
    return state.otherContainers();
  }

  @Override
  public List<Unread> unread() {
    return state.unread();
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

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
