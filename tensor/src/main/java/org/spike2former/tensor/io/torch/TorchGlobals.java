package org.spike2former.tensor.io.torch;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.io.ElementType;
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

  /** More pairs than the largest network has names; they are copied. */
  private static final int MAX_PAIRS = 200_000;

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
  private final TensorViews views;

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
    this.views = new TensorViews(file);
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
      return views.of(name, arguments, null);
    }
    if (name.equals(TENSOR_V3)) {
      return views.of(name, arguments, views.argument(name, arguments, 6, Global.class).name());
    }
    if (PARAMETERS.contains(name) && !arguments.isEmpty()) {
      return isTensor(arguments.get(0)) ? arguments.get(0) : null;
    }
    if (name.equals(FROM_TYPE)) {
      return ofType(arguments);
    }
    if (name.equals(FROM_CPU) && arguments.size() > 1 && arguments.get(0) instanceof View view) {
      boolean same =
          arguments.get(1) instanceof Global type && TensorViews.hasType(view, type.name);
      return same ? view : null;
    }
    return null;
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
}
