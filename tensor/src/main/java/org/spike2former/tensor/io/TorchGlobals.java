package org.spike2former.tensor.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.Shape;

/**
 * The few globals that a checkpoint may name: those that describe tensors, dictionaries, and those
 * whose values are dropped. Everything else is refused by name.
 */
final class TorchGlobals implements PickleReader.Hooks {
  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.HalfStorage", ElementType.F16,
          "torch.BFloat16Storage", ElementType.BF16,
          "torch.FloatStorage", ElementType.F32,
          "torch.DoubleStorage", ElementType.F64,
          "torch.CharStorage", ElementType.I8,
          "torch.ByteStorage", ElementType.U8,
          "torch.ShortStorage", ElementType.I16,
          "torch.IntStorage", ElementType.I32,
          "torch.LongStorage", ElementType.I64,
          "torch.BoolStorage", ElementType.BOOL);

  private static final Set<String> DICTIONARIES =
      Set.of("collections.OrderedDict", "collections.defaultdict", "collections.Counter");

  /** Found in mmengine's meta, message hub, optimiser and schedules; never looked into. */
  private static final Set<String> INERT =
      Set.of(
          "mmengine.logging.history_buffer.HistoryBuffer",
          "numpy.ndarray",
          "numpy.dtype",
          "numpy.core.multiarray._reconstruct",
          "numpy.core.multiarray.scalar",
          "numpy.core.numeric._frombuffer",
          "numpy._core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "numpy._core.numeric._frombuffer",
          "_codecs.encode",
          "__builtin__.bytearray",
          "__builtin__.dict",
          "__builtin__.float",
          "__builtin__.frozenset",
          "__builtin__.int",
          "__builtin__.list",
          "__builtin__.set",
          "builtins.bytearray",
          "builtins.dict",
          "builtins.float",
          "builtins.frozenset",
          "builtins.int",
          "builtins.list",
          "builtins.set",
          "torch.Size",
          "torch.device",
          "torch.bfloat16",
          "torch.bool",
          "torch.float16",
          "torch.float32",
          "torch.float64",
          "torch.int8",
          "torch.int16",
          "torch.int32",
          "torch.int64",
          "torch.uint8");

  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";

  /** A view that repeats elements could otherwise ask for gigabytes from a small file. */
  private static final int MAX_EXPANDED = 1 << 20;

  /** An allowed name; it stands for nothing that could run. */
  private record Global(String name) {}

  /** Elements that views share, in the archive's entry {@code data/key}. */
  record Storage(ElementType type, String key, long size) {}

  /** A strided view of a storage; offset and strides in elements. */
  record View(Storage storage, long offset, int[] shape, long[] strides) {
    /**
     * Elements from the first to behind the last.
     *
     * @throws ArithmeticException if that is beyond a long
     */
    long span() {
      long span = 1;
      for (int axis = 0; axis < shape.length; axis++) {
        if (shape[axis] == 0) {
          return 0;
        }
        span = Math.addExact(span, Math.multiplyExact(shape[axis] - 1L, strides[axis]));
      }
      return span;
    }
  }

  private final Path file;

  /**
   * The globals for one file.
   *
   * @param file for messages
   */
  TorchGlobals(Path file) {
    this.file = file;
  }

  @Override
  public Object global(String module, String name) throws FormatException {
    String full = module + "." + name;
    if (STORAGES.containsKey(full)
        || DICTIONARIES.contains(full)
        || INERT.contains(full)
        || full.equals(TENSOR)
        || full.equals(PARAMETER)) {
      return new Global(full);
    }
    throw new FormatException(
        file, "refuses class " + full + ", which is not on the list of what a checkpoint may name");
  }

  @Override
  public Object call(Object function, List<Object> arguments) throws FormatException {
    if (!(function instanceof Global)) {
      throw new FormatException(file, "refuses to call what is not a known function");
    }
    String name = ((Global) function).name;
    if (DICTIONARIES.contains(name)) {
      return dictionary(name, arguments);
    }
    if (INERT.contains(name)) {
      return PickleReader.Inert.INSTANCE;
    }
    if (name.equals(TENSOR)) {
      return view(arguments);
    }
    if (name.equals(PARAMETER)) {
      return argument(name, arguments, 0, View.class);
    }
    throw new FormatException(file, "refuses to call " + name);
  }

  /** The argument of a defaultdict is a factory, that of the others what to fill it with. */
  private Map<?, ?> dictionary(String name, List<Object> arguments) throws FormatException {
    Object first = arguments.isEmpty() ? null : arguments.get(0);
    if (first instanceof Map<?, ?> map) {
      return map;
    }
    if (first != null && !(first instanceof Global)) {
      throw new FormatException(
          file, "has a " + name + " made of something else than a dictionary");
    }
    return new LinkedHashMap<>(0);
  }

  /** The arguments are a storage, an offset, a shape, strides, and what training needs. */
  private View view(List<Object> arguments) throws FormatException {
    Storage storage = argument(TENSOR, arguments, 0, Storage.class);
    String what = "a tensor in storage " + storage.key;
    long offset = argument(TENSOR, arguments, 1, Long.class);
    List<Long> extents = integers(argument(TENSOR, arguments, 2, PickleReader.Tuple.class));
    List<Long> steps = integers(argument(TENSOR, arguments, 3, PickleReader.Tuple.class));
    if (extents.size() != steps.size() || extents.size() > Elements.MAX_RANK) {
      throw new FormatException(
          file, what + " has " + extents.size() + " extents and " + steps.size() + " strides");
    }
    int[] shape = new int[extents.size()];
    long[] strides = new long[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = Elements.extent(file, what, extents.get(axis));
      strides[axis] = steps.get(axis);
      if (strides[axis] < 0) {
        throw new FormatException(file, what + " has stride " + strides[axis]);
      }
    }
    if (arguments.size() > 6 && !isEmpty(arguments.get(6))) {
      throw new FormatException(file, what + " is lazily negated or conjugated (not supported)");
    }
    View view = new View(storage, offset, shape, strides);
    int count = Elements.count(file, what, shape);
    if (offset < 0 || offset > storage.size || !fits(view)) {
      throw new FormatException(
          file,
          what
              + " at element "
              + offset
              + " of shape "
              + Shape.toString(shape)
              + " reaches beyond the "
              + storage.size
              + " elements there");
    }
    if (count > storage.size && count > MAX_EXPANDED) {
      throw new FormatException(
          file, what + " expands " + storage.size + " elements to " + count + " (not supported)");
    }
    return view;
  }

  private static boolean fits(View view) {
    try {
      return view.span() <= view.storage.size - view.offset;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private static boolean isEmpty(Object metadata) {
    return metadata == null || metadata instanceof Map<?, ?> flags && flags.isEmpty();
  }

  private List<Long> integers(PickleReader.Tuple tuple) throws FormatException {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < tuple.items().size(); i++) {
      values.add(argument("the shape of a tensor", tuple.items(), i, Long.class));
    }
    return values;
  }

  /** A persistent id is the tuple (storage, class, key, device, number of elements). */
  @Override
  public Object persistent(Object id) throws FormatException {
    if (!(id instanceof PickleReader.Tuple)) {
      throw new FormatException(file, "has a persistent id that is not a tuple");
    }
    String what = "a persistent id";
    List<Object> items = ((PickleReader.Tuple) id).items();
    String kind = argument(what, items, 0, String.class);
    String type = argument(what, items, 1, Global.class).name;
    if (!kind.equals("storage") || !STORAGES.containsKey(type)) {
      throw new FormatException(file, "has a persistent id that is not of a known storage");
    }
    long size = argument(what, items, 4, Long.class);
    return new Storage(STORAGES.get(type), argument(what, items, 2, String.class), size);
  }

  private <T> T argument(String of, List<Object> arguments, int index, Class<T> type)
      throws FormatException {
    Object value = index < arguments.size() ? arguments.get(index) : null;
    if (!type.isInstance(value)) {
      throw new FormatException(
          file, "has " + of + " without a " + type.getSimpleName() + " as item " + index);
    }
    return type.cast(value);
  }
}
