package org.spike2former.tensor.io.torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.Elements;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.torch.TorchGlobals.Global;
import org.spike2former.tensor.io.torch.TorchGlobals.Storage;
import org.spike2former.tensor.io.torch.TorchGlobals.View;

/**
 * Makes tensors of the arguments of {@code torch._utils._rebuild_tensor} and its kind; refuses what
 * reaches beyond its storage, and keeps as {@link Inert} what cannot be read.
 */
final class TensorViews {
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

  /** A view that repeats elements could otherwise ask for gigabytes from a small file. */
  private static final int MAX_EXPANDED = 1 << 20;

  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private final Path file;

  /**
   * The tensors of one file.
   *
   * @param file for messages
   */
  TensorViews(Path file) {
    this.file = file;
  }

  /** Whether a tensor has the elements of that dtype of PyTorch. */
  static boolean hasType(View view, String dtype) {
    return view.storage().type() == DTYPES.get(dtype);
  }

  /**
   * The arguments are a storage, an offset, a shape, strides, and what training needs.
   *
   * @param dtype the elements' type if the storage does not give it
   */
  Object of(String function, List<Object> arguments, String dtype) throws FormatException {
    if (!arguments.isEmpty() && arguments.get(0) instanceof Inert) {
      return Inert.tensor(function, arguments, "lies in a storage of an unknown kind");
    }
    Storage storage = argument(function, arguments, 0, Storage.class);
    if (dtype != null) {
      storage = typed(storage, dtype);
    }
    String what = "a tensor in storage " + storage.key();
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
    if (storage.type() == null) {
      return Inert.tensor(function, arguments, "has elements of " + storage.kind());
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
    boolean untyped = storage.kind().endsWith("UntypedStorage");
    if (type == null || !untyped || storage.size() % type.bytes() != 0) {
      return new Storage(null, dtype, storage.key(), storage.size());
    }
    return new Storage(type, dtype, storage.key(), storage.size() / type.bytes());
  }

  private View checked(String what, View view) throws FormatException {
    int count = Elements.count(file, what, view.shape());
    long size = view.storage().size();
    if (view.offset() < 0 || view.offset() > size || !fits(view)) {
      throw new FormatException(
          file,
          what
              + " at element "
              + view.offset()
              + " of shape "
              + Shape.toString(view.shape())
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
      return view.span() <= view.storage().size() - view.offset();
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
   * An argument of a function.
   *
   * @throws FormatException if it is missing or something else
   */
  <T> T argument(String of, List<Object> arguments, int index, Class<T> type)
      throws FormatException {
    Object value = index < arguments.size() ? arguments.get(index) : null;
    if (!type.isInstance(value)) {
      throw new FormatException(
          file, "has " + of + " without a " + type.getSimpleName() + " as item " + index);
    }
    return type.cast(value);
  }
}
