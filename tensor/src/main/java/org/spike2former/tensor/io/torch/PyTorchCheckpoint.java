package org.spike2former.tensor.io.torch;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.Elements;
import org.spike2former.tensor.io.FileKind;
import org.spike2former.tensor.io.FileLimit;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;
import org.spike2former.tensor.io.torch.TorchGlobals.Storage;
import org.spike2former.tensor.io.torch.TorchGlobals.View;

/**
 * The state dict of a checkpoint that {@code torch.save} wrote: a pickle, and the elements of
 * storages next to it in a zip archive, or after it in the format before PyTorch 1.6.
 *
 * <p>The state dict lies under a key such as {@code state_dict} or {@code model}, see {@link
 * Containers}, or is the checkpoint itself. Nested dictionaries and lists in it are joined with
 * dots; what is not a tensor is left out. No code in the pickle is run, and a class that is not
 * known stays a name, see {@link TorchGlobals}: it matters only where the weights should be.
 */
public final class PyTorchCheckpoint implements TensorArchive {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final Path path;
  private final Storages storages;
  private final StateDict state;

  private PyTorchCheckpoint(Path path, Storages storages, String container) throws FormatException {
    this.path = path;
    this.storages = storages;
    state = new StateDict(path, storages.root(), container);
    Map<String, Long> sizes = new HashMap<>();
    long needed = 0;
    for (Map.Entry<String, Object> entry : state.tensors().entrySet()) {
      if (entry.getValue() instanceof View view) {
        needed += check(entry.getKey(), view);
        sizes.put(view.storage().key(), storages.size(view.storage()));
      }
    }
    long stored = sizes.values().stream().mapToLong(Long::longValue).sum();
    if (needed - 4 * stored > FileLimit.SHARED_BYTES.value()) {
      throw new FormatException(
          path,
          "has tensors of "
              + needed
              + " bytes in storages of "
              + stored
              + ", more than four times as many and "
              + FileLimit.SHARED_BYTES.of("bytes"));
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
    Storages storages;
    if (TensorFiles.isZip(head)) {
      storages = ZipStorages.open(file);
    } else if (LegacyStorages.isLegacy(head)) {
      storages = LegacyStorages.open(file);
    } else {
      throw new FormatException(file, "expected a PyTorch checkpoint, found " + FileKind.of(head));
    }
    try {
      return new PyTorchCheckpoint(file, storages, container);
    } catch (IOException | RuntimeException e) {
      storages.close();
      throw e;
    }
  }

  /** Checks a tensor; returns how many bytes are read for it. */
  private long check(String name, View view) throws FormatException {
    Storage storage = view.storage();
    int width = storage.type().bytes();
    long found = storages.size(storage);
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
              + storages.place(storage)
              + ", found "
              + found
              + " bytes");
    }
    long elements = Math.max(view.span(), Elements.count(path, "tensor " + name, view.shape()));
    if (elements > MAX_BYTES / width) {
      throw new FormatException(path, "tensor " + name + " spans more than 2 GiB (not supported)");
    }
    return elements * width;
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
    return tensor instanceof View view ? view.shape().clone() : TensorViews.shape((Inert) tensor);
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
    byte[] bytes = storages.read(name, view.storage(), view.offset() * width, length);
    MemorySegment source = MemorySegment.ofArray(bytes);
    return Elements.isRowMajor(view.shape(), view.strides())
        ? source
        : Elements.gather(source, width, view.shape(), view.strides());
  }

  @Override
  public void close() throws IOException {
    storages.close();
  }
}
