package org.spike2former.tensor.io;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.io.torch.Containers;
import org.spike2former.tensor.io.torch.Inert;
import org.spike2former.tensor.io.torch.PickleReader;
import org.spike2former.tensor.io.torch.TorchGlobals.Global;
import org.spike2former.tensor.io.torch.TorchGlobals.Storage;
import org.spike2former.tensor.io.torch.TorchGlobals.View;

/** What the values of a pickle are, in a few words. */
public final class Descriptions {
  private static final int LONGEST = 60;
  private static final int MAX_CLASSES = 3;
  private static final int MAX_VISITS = 1000;

  private Descriptions() {}

  /** Such as {@code argparse.Namespace}, {@code dict of 3} or {@code optimizer state}. */
  public static String of(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          (Containers.isOptimizer(map) ? "optimizer state" : "dict of " + map.size()) + with(map);
      case List<?> list -> "list of " + list.size() + with(list);
      case PickleReader.Tuple tuple -> "tuple of " + tuple.items().size() + with(tuple);
      case View view -> "tensor " + view.storage().type() + " " + Shape.toString(view.shape());
      case Inert object ->
          (object.type().contains("._rebuild_") ? "tensor of " : "")
              + Printable.of(object.type(), LONGEST);
      case Storage storage -> "storage " + Printable.of(storage.kind(), LONGEST);
      case Global name -> "the name " + Printable.of(name.name(), LONGEST);
      case String text -> "text '" + Printable.of(text, LONGEST) + "'";
      case Boolean truth -> truth.toString();
      case null -> "None";
      default -> "number " + cut(value.toString());
    };
  }

  private static String cut(String digits) {
    return digits.length() <= LONGEST ? digits : digits.substring(0, LONGEST) + "…";
  }

  /** The unknown classes in a container, as " with mmengine…HistoryBuffer". */
  private static String with(Object container) {
    Set<String> classes = new LinkedHashSet<>();
    List<Object> open = new ArrayList<>(List.of(container));
    for (int i = 0; i < open.size(); i++) {
      Object value = open.get(i);
      long room = MAX_VISITS - open.size();
      switch (value) {
        case Inert object when object.type().indexOf('.') > 0 ->
            classes.add(Printable.of(object.type(), LONGEST));
        case Map<?, ?> map -> map.values().stream().limit(room).forEach(open::add);
        case List<?> list -> list.stream().limit(room).forEach(open::add);
        case PickleReader.Tuple tuple -> tuple.items().stream().limit(room).forEach(open::add);
        case null, default -> {}
      }
    }
    List<String> shown = classes.stream().limit(MAX_CLASSES).toList();
    String more = classes.size() > shown.size() ? ", …" : "";
    return shown.isEmpty() ? "" : " with " + String.join(", ", shown) + more;
  }

  /** What is found where weights should be. */
  public static String ofWeights(Object value) {
    if (isModule(value)) {
      return "a whole module of class " + of(value);
    }
    if (value instanceof Inert object) {
      return object.isTensor()
          ? "a single tensor that " + object.flaw()
          : "an object of class " + of(value);
    }
    return value instanceof View ? "a single tensor" : "a single value (" + of(value) + ")";
  }

  /** The line of Python that makes a state dict of it, if there is one. */
  public static String remedy(Object value, String path) {
    if (!(value instanceof Inert)) {
      return "";
    }
    StringBuilder loaded = new StringBuilder("torch.load(FILE, weights_only=False)");
    if (!path.isEmpty()) {
      for (String key : path.split("\\.")) {
        loaded.append("['").append(key).append("']");
      }
    }
    return isModule(value)
        ? "; where its classes are, run torch.save(" + loaded + ".state_dict(), 'weights.pth')"
        : "; where its class is, save it as a dict: torch.save(dict("
            + loaded
            + "), 'weights.pth')";
  }

  private static boolean isModule(Object value) {
    if (value instanceof Inert object) {
      for (Object state : object.parts()) {
        if (state instanceof Map<?, ?> attributes && attributes.containsKey("_parameters")) {
          return true;
        }
      }
    }
    return false;
  }
}
