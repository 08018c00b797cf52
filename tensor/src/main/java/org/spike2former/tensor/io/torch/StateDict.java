package org.spike2former.tensor.io.torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.spike2former.tensor.io.Descriptions;
import org.spike2former.tensor.io.FileLimit;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Printable;
import org.spike2former.tensor.io.TensorArchive.Unread;
import org.spike2former.tensor.io.TensorFiles;
import org.spike2former.tensor.io.torch.Containers.Candidate;
import org.spike2former.tensor.io.torch.TorchGlobals.View;

/**
 * The tensors of a checkpoint's state dict by their names, and what else the checkpoint holds.
 *
 * <p>Keys of nested dictionaries and lists are joined with dots. An object of an unknown class is
 * refused if tensors are in it; any other is left out.
 */
final class StateDict {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_VALUES = 1_000_000;
  private static final int LONGEST_NAME = 1 << 10;
  private static final int MAX_UNREAD = 100;
  private static final int MAX_NAMED = 8;

  private final Path file;
  private final Containers containers;
  private final Candidate chosen;
  private final Map<String, Object> tensors = new LinkedHashMap<>();
  private final List<Unread> unread = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private int visited;
  private long characters;
  private int left;

  /**
   * Looks through an unpickled checkpoint.
   *
   * @param file for messages
   * @param container see {@link TensorFiles#open(Path, String)}
   */
  StateDict(Path file, Object root, String container) throws FormatException {
    this.file = file;
    this.containers = new Containers(file, root);
    this.chosen = containers.choose(container);
    boolean whole = chosen.path().isEmpty();
    for (Candidate each : containers.candidates()) {
      if (!each.path().equals(chosen.path())) {
        others.add(Printable.of(each.path(), LONGEST_NAME));
      }
    }
    if (!whole) {
      listBeside("", containers.dictionary(root), chosen.keys());
    }
    Set<String> ofOthers = container == null && whole ? named() : Set.of();
    for (Map.Entry<?, ?> entry : containers.dictionary(chosen.value()).entrySet()) {
      boolean other = entry.getKey() instanceof String key && ofOthers.contains(key);
      if (other || chosen.tensors() == 0) {
        leaveOut("", entry.getKey(), entry.getValue());
      } else {
        collect(entry.getKey(), "", entry.getValue(), 0);
      }
    }
    if (tensors.isEmpty()) {
      throw new FormatException(
          file,
          "has no tensors, expected a state dict"
              + (unread.isEmpty() ? "" : "; it holds " + held()));
    }
    if (left > 0) {
      unread.add(new Unread("…", left + " more"));
    }
  }

  /** The first of what there is instead of tensors. */
  private String held() {
    String list =
        unread.stream()
            .limit(MAX_NAMED)
            .map(each -> each.key() + " (" + each.description() + ")")
            .collect(Collectors.joining(", "));
    return list + (unread.size() > MAX_NAMED ? ", …" : "");
  }

  /** The keys that lead to state dicts of their own. */
  private Set<String> named() {
    return containers.candidates().stream()
        .filter(Candidate::isNamed)
        .map(candidate -> candidate.keys().getFirst())
        .collect(Collectors.toSet());
  }

  private void listBeside(String parent, Map<?, ?> entries, List<String> taken)
      throws FormatException {
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      if (!taken.get(0).equals(entry.getKey())) {
        leaveOut(parent, entry.getKey(), entry.getValue());
      } else if (taken.size() > 1) {
        Map<?, ?> inner = containers.dictionary(entry.getValue());
        listBeside(parent + entry.getKey() + ".", inner, taken.subList(1, taken.size()));
      }
    }
  }

  private void leaveOut(String parent, Object key, Object value) {
    if (unread.size() >= MAX_UNREAD) {
      left++;
      return;
    }
    String name = key instanceof String || key instanceof Number ? "" + key : Descriptions.of(key);
    unread.add(new Unread(Printable.of(parent + name, LONGEST_NAME), Descriptions.of(value)));
  }

  private void collect(Object key, String parent, Object item, int depth) throws FormatException {
    if (++visited > MAX_VALUES) {
      throw new FormatException(file, "has more than " + MAX_VALUES + " values in its state dict");
    }
    Object value = item instanceof PickleReader.Tuple tuple ? tuple.items() : item;
    Map<?, ?> entries = containers.dictionary(value);
    if (Containers.isOptimizer(value)
        || !(entries != null || value instanceof List || value instanceof View)
            && !(value instanceof Inert)) {
      leaveOut(parent, key, item);
      return;
    }
    if (!(key instanceof String || key instanceof Number)) {
      if (containers.tensors(value) > 0) {
        throw new FormatException(file, "has a tensor under '" + parent + "' without a name");
      }
      leaveOut(parent, key, item);
      return;
    }
    String name = parent + key;
    characters += name.length();
    if (characters > FileLimit.NAME_CHARACTERS.value()) {
      throw new FormatException(
          file, "has names of more than " + FileLimit.NAME_CHARACTERS.of("characters"));
    }
    if (depth > MAX_DEPTH || name.length() > LONGEST_NAME) {
      throw new FormatException(file, "nests its state dict too deep, at " + name);
    }
    if (entries != null) {
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        collect(entry.getKey(), name + ".", entry.getValue(), depth + 1);
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect((long) i, name + ".", list.get(i), depth + 1);
      }
    } else if (Containers.isTensor(value)) {
      add(name, value);
    } else if (containers.tensors(value) > 0) {
      throw new FormatException(
          file,
          "has tensors inside "
              + Descriptions.ofWeights(value)
              + " at "
              + name
              + ", where a tensor or a dictionary was expected");
    } else {
      leaveOut(parent, key, item);
    }
  }

  private void add(String name, Object tensor) throws FormatException {
    if (tensors.put(name, tensor) != null) {
      throw new FormatException(file, "has tensor " + name + " twice");
    }
    if (tensors.size() > FileLimit.TENSORS.value()) {
      throw new FormatException(file, "has more than " + FileLimit.TENSORS.of("tensors"));
    }
  }

  /** A {@link View}, or an {@link Inert} tensor, for each name. */
  Map<String, Object> tensors() {
    return tensors;
  }

  /**
   * A tensor.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  Object get(String name) {
    Object tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(file + ": has no tensor " + name);
    }
    return tensor;
  }

  String container() {
    return Printable.of(chosen.path(), LONGEST_NAME);
  }

  List<String> otherContainers() {
    return List.copyOf(others);
  }

  List<Unread> unread() {
    return List.copyOf(unread);
  }
}
