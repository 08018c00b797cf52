package org.spike2former.tensor.io.torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.Elements;
import org.spike2former.tensor.io.FormatException;

/**
 * What the names in a checkpoint stand for: a few describe tensors and dictionaries, all others
 * stay names. What they would make is an {@link Inert} object, so nothing that a name says is ever
 * looked up or run.
 */
public final class TorchGlobals implements PickleReader.Hooks {
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

  private static final Map<String, ElementType> DTYPES =
      Map.of(
          "torch.float16", ElementType.F16,
          "torch.bfloat16", ElementType.BF16,
          "torch.float32", ElementType.F32,
          "torch.float64", ElementType.F64,
          "torch.int8", ElementType.I8,
          "torch.uint8", ElementType.U8,
          "torch.int16", ElementType.I16,
          "torch.int32", ElementType.I32,
          "torch.int64", ElementType.I64,
          "torch.bool", ElementType.BOOL);

  private static final Set<String> DICTIONARIES =
      Set.of(
          "collections.OrderedDict",
          "collections.defaultdict",
          "collections.Counter",
          "builtins.dict",
          "__builtin__.dict");

  /** Classes of tensors that are no more than their elements. */
  private static final Set<String> PLAIN_TENSORS =
      Set.of(
          "torch.Tensor",
          "torch._tensor.Tensor",
          "torch.tensor.Tensor",
          "torch.nn.Parameter",
          "torch.nn.parameter.Parameter",
          "torch.nn.parameter.Buffer");

  /** Functions that make an object of the class that is their first argument. */
  private static final Set<String> CONSTRUCTORS =
      Set.of(
          "copyreg._reconstructor",
          "copy_reg._reconstructor",
          "copyreg.__newobj__",
          "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray._reconstruct");

  private static final String TENSOR_V1 = "torch._utils._rebuild_tensor";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String TENSOR_V3 = "torch._utils._rebuild_tensor_v3";
  private static final String FROM_TYPE = "torch._tensor._rebuild_from_type_v2";
  private static final String FROM_CPU = "torch._utils._rebuild_device_tensor_from_cpu_tensor";
  private static final Set<String> PARAMETERS =
      Set.of(
          "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_parameter_with_state",
          "torch.nn.parameter.Parameter");

  /** A view that repeats elements could otherwise ask for gigabytes from a small file. */
  private static final int MAX_EXPANDED = 1 << 20;

  /** More pairs than the largest network has names; they are copied. */
  private static final int MAX_PAIRS = 1_000_000;

  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private static final int LONGEST_NAME = 256;

  /** A name of a class or function; it stands for nothing that could run. */
  public record Global(String name) {}

  /**
   * Elements that views share, in the archive's entry {@code data/key}.
   *
   * @param type null if they cannot be read
   * @param kind the name in the file, for messages
   * @param size in elements; in bytes if they are untyped
   */
  public record Storage(ElementType type, String kind, String key, long size) {}

  /** A strided view of a storage; offset and strides in elements. */
  public record View(Storage storage, long offset, int[] shape, long[] strides) {
    /**
     * The number of elements from the first to the last.
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

  private record Name(String module, String name) {}

  private final Path file;

  /** A name may be given a million times; it is put together once. */
  private final Map<Name, Global> named = new HashMap<>();

  private final Map<String, Storage> storages = new HashMap<>();

  private int pairs;

  /**
   * The globals for one file.
   *
   * @param file for messages
   */
  TorchGlobals(Path file) {
    this.file = file;
  }

  @Override
  public Object global(String module, String name) {
    return named.computeIfAbsent(new Name(module, name), TorchGlobals::named);
  }

  private static Global named(Name name) {
    String full = name.module + "." + name.name;
    return new Global(full.length() <= LONGEST_NAME ? full : full.substring(0, LONGEST_NAME) + "…");
  }

  @Override
  public Object call(Object function, List<Object> arguments, Map<?, ?> keywords)
      throws FormatException {
    if (function instanceof Inert object) {
      return inert(object.type(), arguments, keywords);
    }
    if (!(function instanceof Global)) {
      throw new FormatException(file, "refuses to call what is not a function");
    }
    String name = ((Global) function).name;
    Object known = keywords.isEmpty() ? known(name, arguments) : null;
    return known == null ? inert(name, arguments, keywords) : known;
  }

  /** What a function that is understood makes of its arguments; null if it is not. */
  private Object known(String name, List<Object> arguments) throws FormatException {
    if (DICTIONARIES.contains(name)) {
      return dictionary(arguments);
    }
    if (name.equals(TENSOR) || name.equals(TENSOR_V1)) {
      return view(name, arguments, null);
    }
    if (name.equals(TENSOR_V3)) {
      return view(name, arguments, argument(name, arguments, 6, Global.class).name);
    }
    if (PARAMETERS.contains(name) && !arguments.isEmpty()) {
      return isTensor(arguments.get(0)) ? arguments.get(0) : null;
    }
    if (name.equals(FROM_TYPE)) {
      return ofType(arguments);
    }
    if (name.equals(FROM_CPU) && arguments.size() > 1 && arguments.get(0) instanceof View view) {
      boolean same = arguments.get(1) instanceof Global type && hasType(view, type.name);
      return same ? view : null;
    }
    return null;
  }

  private static boolean hasType(View view, String dtype) {
    return view.storage.type == DTYPES.get(dtype);
  }

  private static boolean isTensor(Object value) {
    return value instanceof View || value instanceof Inert object && object.isTensor();
  }

  /** The arguments are a function, a class, the function's arguments, and attributes. */
  private Object ofType(List<Object> arguments) throws FormatException {
    if (arguments.size() >= 3
        && arguments.get(1) instanceof Global type
        && PLAIN_TENSORS.contains(type.name)
        && arguments.get(2) instanceof PickleReader.Tuple inner) {
      return call(arguments.get(0), inner.items(), Map.of());
    }
    return null;
  }

  private Inert inert(String function, List<Object> arguments, Map<?, ?> keywords) {
    Object first = arguments.isEmpty() ? null : arguments.get(0);
    String name = function;
    if (first instanceof Global type && CONSTRUCTORS.contains(function)) {
      name = type.name;
    } else if (function.endsWith(".numeric._frombuffer")) {
      name = "numpy.ndarray";
    } else if (function.equals(FROM_TYPE)
        && arguments.size() > 1
        && arguments.get(1) instanceof Global type) {
      name = type.name;
      return Inert.tensor(name, arguments, "is of the unknown class " + name);
    }
    Inert object =
        makesTensors(name)
            ? Inert.tensor(name, arguments, flaw(name))
            : Inert.of(plainName(name), arguments);
    if (!keywords.isEmpty()) {
      object.add(List.of(keywords));
    }
    return object;
  }

  /** Whether a class or a function that is not understood stands for a tensor. */
  private static boolean makesTensors(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (name.startsWith("numpy.")) {
      return last.equals("ndarray");
    }
    return name.startsWith("torch.")
        && (last.startsWith("_rebuild_")
            || last.equals("_load_from_bytes")
            || last.endsWith("Tensor")
            || last.endsWith("Parameter")
            || last.endsWith("Storage")
            || last.endsWith("Buffer"));
  }

  private static String plainName(String name) {
    for (String builtins : List.of("builtins.", "__builtin__.")) {
      if (name.startsWith(builtins)) {
        return name.substring(builtins.length());
      }
    }
    return name.equals("_codecs.encode") ? "bytes" : name;
  }

  private static String flaw(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (name.startsWith("numpy.") || last.endsWith("from_numpy")) {
      return "is an array of numpy; convert it with torch.from_numpy";
    }
    if (last.startsWith("_rebuild_sparse")) {
      return "is sparse; convert it with to_dense()";
    }
    if (last.equals("_rebuild_qtensor")) {
      return "is quantised; convert it with dequantize()";
    }
    if (last.startsWith("_rebuild_meta")) {
      return "is on the meta device and has no elements";
    }
    if (last.startsWith("Uninitialized")) {
      return "was never initialised and has no elements";
    }
    return "is made by " + name + ", which is not known here";
  }

  @Override
  public void build(Object object, Object state) throws FormatException {
    if (object instanceof Inert inert) {
      inert.add(Collections.singletonList(state));
    } else if (object instanceof View && !(state == null || state instanceof Map)) {
      throw new FormatException(file, "sets the state of a tensor (not supported)");
    }
    // Other values keep their entries; what a dictionary has as attributes is none of them.
  }

  /**
   * A dictionary of a dictionary or of pairs; the argument of a defaultdict is a factory. Null if
   * it is made of anything else.
   */
  private Map<?, ?> dictionary(List<Object> arguments) throws FormatException {
    Object first = arguments.isEmpty() ? null : arguments.get(0);
    if (arguments.size() > 1) {
      return null;
    }
    if (first instanceof Map<?, ?> map) {
      return map;
    }
    Map<Object, Object> made = new LinkedHashMap<>(0);
    if (first == null || first instanceof Global) {
      return made;
    }
    List<?> items = items(first);
    pairs += items == null ? 0 : items.size();
    if (pairs > MAX_PAIRS) {
      throw new FormatException(file, "has more than " + MAX_PAIRS + " entries given as pairs");
    }
    for (Object item : items == null ? List.of() : items) {
      List<?> pair = items(item);
      if (pair == null || pair.size() != 2) {
        return null;
      }
      if (pair.get(0) instanceof List || pair.get(0) instanceof Map) {
        return null;
      }
      made.put(pair.get(0), pair.get(1));
    }
    return items == null ? null : made;
  }

  private static List<?> items(Object value) {
    if (value instanceof PickleReader.Tuple tuple) {
      return tuple.items();
    }
    return value instanceof List<?> list ? list : null;
  }

  /**
   * The arguments are a storage, an offset, a shape, strides, and what training needs.
   *
   * @param dtype the elements' type if the storage does not give it
   */
  private Object view(String function, List<Object> arguments, String dtype)
      throws FormatException {
    if (!arguments.isEmpty() && arguments.get(0) instanceof Inert) {
      return Inert.tensor(function, arguments, "lies in a storage of an unknown kind");
    }
    Storage storage = argument(function, arguments, 0, Storage.class);
    if (dtype != null) {
      storage = typed(storage, dtype);
    }
    String what = "a tensor in storage " + storage.key;
    long offset = argument(function, arguments, 1, Long.class);
    List<Long> extents = integers(argument(function, arguments, 2, PickleReader.Tuple.class));
    List<Long> steps = integers(argument(function, arguments, 3, PickleReader.Tuple.class));
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
    if (storage.type == null) {
      return Inert.tensor(function, arguments, "has elements of " + storage.kind);
    }
    int metadata = dtype == null ? 6 : 7;
    if (arguments.size() > metadata && !isEmpty(arguments.get(metadata))) {
      return Inert.tensor(
          function, arguments, "is lazily negated or conjugated; convert it with resolve_neg()");
    }
    return checked(what, new View(storage, offset, shape, strides));
  }

  /** The shape of a tensor that cannot be read, as far as its parts tell it; else empty. */
  static int[] shape(Inert tensor) {
    List<Object> from = tensor.arguments();
    int at = from.isEmpty() || !(from.get(0) instanceof Global) ? 2 : 1;
    if (from.size() > 2 && from.get(1) instanceof Global) {
      at = 2; // of a class and a dtype, or of a function and a class
      if (from.get(2) instanceof PickleReader.Tuple inner && inner.items().size() > 2) {
        from = inner.items().get(2) instanceof PickleReader.Tuple ? inner.items() : from;
      }
    } else if (!tensor.parts().isEmpty()
        && tensor.parts().get(0) instanceof PickleReader.Tuple state) {
      from = state.items(); // of an array of numpy: a version, the shape, and so on
      at = 1;
    }
    if (from.size() <= at || !(from.get(at) instanceof PickleReader.Tuple)) {
      return new int[0];
    }
    List<Object> extents = ((PickleReader.Tuple) from.get(at)).items();
    int[] shape = new int[Math.min(extents.size(), Elements.MAX_RANK)];
    long elements = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      long extent = extents.get(axis) instanceof Long n ? n : -1;
      if (extent < 0 || extent > Integer.MAX_VALUE || elements * extent > MAX_ELEMENTS) {
        return new int[0];
      }
      elements *= extent;
      shape[axis] = (int) extent;
    }
    return shape;
  }

  /** An untyped storage of bytes as one of elements. */
  private static Storage typed(Storage storage, String dtype) {
    ElementType type = DTYPES.get(dtype);
    boolean untyped = storage.kind.endsWith("UntypedStorage");
    if (type == null || !untyped || storage.size % type.bytes() != 0) {
      return new Storage(null, dtype, storage.key, storage.size);
    }
    return new Storage(type, dtype, storage.key, storage.size / type.bytes());
  }

  private View checked(String what, View view) throws FormatException {
    int count = Elements.count(file, what, view.shape);
    long size = view.storage.size;
    if (view.offset < 0 || view.offset > size || !fits(view)) {
      throw new FormatException(
          file,
          what
              + " at element "
              + view.offset
              + " of shape "
              + Shape.toString(view.shape)
              + " reaches beyond the "
              + size
              + " elements there");
    }
    if (count > size && count > MAX_EXPANDED) {
      throw new FormatException(
          file, what + " expands " + size + " elements to " + count + " (not supported)");
    }
    return view;
  }

  private static boolean fits(View view) {
    try {
      return view.span() <= view.storage.size - view.offset;
    } catch (ArithmeticException _) {
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

  /**
   * That of a storage is the tuple ("storage", class, key, device, number of elements); before 1.6
   * another item follows, which is None unless it is a part of a storage.
   */
  @Override
  public Object persistent(Object id) {
    if (id instanceof PickleReader.Tuple tuple && tuple.items().size() >= 5) {
      List<Object> items = tuple.items();
      if ("storage".equals(items.get(0))
          && items.get(1) instanceof Global kind
          && items.get(2) instanceof String key
          && items.get(4) instanceof Long size
          && (items.size() == 5 || items.get(5) == null)) {
        Storage storage = new Storage(STORAGES.get(kind.name), kind.name, key, size);
        storages.put(key, storage);
        return storage;
      }
    }
    if (id instanceof PickleReader.Tuple tuple
        && tuple.items().size() > 1
        && "module".equals(tuple.items().get(0))
        && tuple.items().get(1) instanceof Global module) {
      return module; // a class, with its source, in the format before 1.6
    }
    return Inert.of("an object outside of the pickle", Collections.singletonList(id));
  }

  /** The storages by their keys. */
  Map<String, Storage> storages() {
    return storages;
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
