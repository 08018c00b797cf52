package org.spike2former.tensor.io.torch;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.io.Descriptions;
import org.spike2former.tensor.io.FileLimit;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.torch.TorchGlobals.Storage;
import org.spike2former.tensor.io.torch.TorchGlobals.View;

/**
 * The dictionaries of a checkpoint that hold tensors, and which of them is its state dict.
 *
 * <p>The first key of {@link #KEYS} that holds tensors wins, and in what it holds again, as in
 * {@code model.state_dict}. The checkpoint itself is the state dict if no such key holds tensors,
 * or if it has more tensors of its own than they.
 */
public final class Containers {
  /** Where state dicts are looked for, in this order: trained weights first, then averages. */
  static final List<String> KEYS =
      List.of(
          "state_dict",
          "model_state_dict",
          "model",
          "module",
          "net",
          "network",
          "weights",
          "params",
          "params_ema",
          "ema_state_dict",
          "model_ema",
          "state_dict_ema",
          "ema");

  private static final String FIRST_AVERAGE = "params_ema";
  private static final int MAX_DEPTH = 4;
  private static final int MAX_CANDIDATES = 100;

  /**
   * A dictionary with tensors, or an object of an unknown class in its place.
   *
   * @param path its keys, joined with dots
   */
  record Candidate(String path, List<String> keys, Object value, int tensors) {
    /** Smaller is better; beyond all keys if no key says that it is a state dict. */
    private int rank(int level) {
      int rank = level < keys.size() ? KEYS.indexOf(keys.get(level)) : 0;
      return rank < 0 ? KEYS.size() : rank;
    }

    boolean isNamed() {
      return KEYS.contains(keys.getLast());
    }
  }

  private final Path file;
  private final Object root;
  private final List<Candidate> candidates = new ArrayList<>();
  private final long mostVisits = FileLimit.CHECKPOINT_VALUES.value();
  private int visits;

  /**
   * Looks through an unpickled checkpoint.
   *
   * @param file for messages
   */
  Containers(Path file, Object root) throws FormatException {
    this.file = file;
    this.root = root;
    Map<?, ?> entries = dictionary(root);
    if (entries != null) {
      search("", List.of(), entries);
    }
    Comparator<Candidate> order = Comparator.comparing(c -> c.isNamed() ? 0 : 1);
    for (int level = 0; level < MAX_DEPTH; level++) {
      int at = level;
      order = order.thenComparing(c -> c.rank(at));
    }
    candidates.sort(order);
  }

  /** All that hold tensors, the best first. */
  List<Candidate> candidates() {
    return candidates;
  }

  /**
   * The state dict.
   *
   * @param wanted the path of its keys, empty for the checkpoint itself; null to choose
   * @throws FormatException if it is none
   */
  Candidate choose(String wanted) throws FormatException {
    Candidate whole = new Candidate("", List.of(), root, tensors(root));
    if (wanted == null) {
      Candidate best = best();
      return checked(best == null || isBeside(best) ? whole : best);
    }
    Candidate chosen = wanted.isEmpty() ? whole : find(wanted, "", List.of(), dictionary(root));
    if (chosen == null || chosen.tensors == 0) {
      throw new FormatException(
          file,
          (chosen == null ? "has no key '" + wanted + "'" : "has no tensors under " + wanted)
              + (candidates.isEmpty() ? "" : "; tensors are under: " + paths(candidates)));
    }
    return checked(chosen);
  }

  private Candidate best() {
    return candidates.isEmpty() || !candidates.get(0).isNamed() ? null : candidates.get(0);
  }

  /** Whether the checkpoint itself is a state dict in which this happens to be a key. */
  private boolean isBeside(Candidate best) throws FormatException {
    Map<?, ?> entries = dictionary(root);
    int own = entries == null ? 0 : ownTensors(entries);
    boolean average = best.rank(0) >= KEYS.indexOf(FIRST_AVERAGE);
    return own > best.tensors || average && own == best.tensors;
  }

  private Candidate checked(Candidate chosen) throws FormatException {
    boolean empty = chosen.value instanceof Inert && chosen.tensors == 0;
    if (dictionary(chosen.value) != null && !empty) {
      return chosen;
    }
    String which = chosen.path.isEmpty() ? "" : " under " + chosen.path;
    List<Candidate> others = new ArrayList<>(candidates);
    others.remove(chosen);
    throw new FormatException(
        file,
        "holds "
            + Descriptions.ofWeights(chosen.value)
            + which
            + ", expected a dictionary of tensors"
            + Descriptions.remedy(chosen.value, chosen.path)
            + (others.isEmpty() ? "" : "; other tensors are under: " + paths(others)));
  }

  static String paths(List<Candidate> candidates) {
    return String.join(", ", candidates.stream().map(Candidate::path).toList());
  }

  private Candidate find(String wanted, String path, List<String> keys, Map<?, ?> entries)
      throws FormatException {
    if (entries == null || keys.size() > MAX_DEPTH) {
      return null;
    }
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      if (entry.getKey() instanceof String key && (wanted + ".").startsWith(key + ".")) {
        List<String> inner = append(keys, key);
        String at = join(path, key);
        if (wanted.length() <= key.length()) {
          return new Candidate(at, inner, entry.getValue(), tensors(entry.getValue()));
        }
        String rest = wanted.substring(key.length() + 1);
        Candidate found = find(rest, at, inner, dictionary(entry.getValue()));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private void search(String path, List<String> keys, Map<?, ?> entries) throws FormatException {
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      Object value = entry.getValue();
      boolean container =
          value instanceof Map || value instanceof Inert object && !object.isTensor();
      if (!(entry.getKey() instanceof String key) || !container || isOptimizer(value)) {
        continue;
      }
      if (candidates.size() >= MAX_CANDIDATES) {
        return;
      }
      int tensors = tensors(value);
      if (tensors > 0) {
        add(new Candidate(join(path, key), append(keys, key), value, tensors));
      }
    }
  }

  private void add(Candidate candidate) throws FormatException {
    Map<?, ?> entries = dictionary(candidate.value);
    boolean own = entries != null && ownTensors(entries) > 0;
    if (entries != null && !own && candidate.keys.size() < MAX_DEPTH) {
      int before = candidates.size();
      search(candidate.path, candidate.keys, entries);
      if (candidates.subList(before, candidates.size()).stream().anyMatch(Candidate::isNamed)) {
        return;
      }
      candidates.subList(before, candidates.size()).clear();
    }
    if (own || candidate.isNamed()) {
      candidates.add(candidate);
    }
  }

  private static List<String> append(List<String> keys, String key) {
    List<String> longer = new ArrayList<>(keys);
    longer.add(key);
    return longer;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static int ownTensors(Map<?, ?> entries) {
    int own = 0;
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      Object value = entry.getValue();
      own += entry.getKey() instanceof String && isTensor(value) && !isArray(value) ? 1 : 0;
    }
    return own;
  }

  static boolean isTensor(Object value) {
    return value instanceof View || value instanceof Inert object && object.isTensor();
  }

  /** Numpy arrays also occur apart from weights, so they say nothing about where weights are. */
  private static boolean isArray(Object value) {
    return value instanceof Inert object && object.type().startsWith("numpy.");
  }

  /** Whether a value has the two keys of the state of all of PyTorch's optimisers. */
  public static boolean isOptimizer(Object value) {
    return value instanceof Map<?, ?> map
        && map.containsKey("state")
        && map.containsKey("param_groups");
  }

  /**
   * The entries of a dictionary, or of an object of an unknown class that was filled like one and
   * holds no tensors anywhere else. Null for other values.
   */
  Map<?, ?> dictionary(Object value) throws FormatException {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    if (value instanceof Inert object && !object.isTensor() && !object.entries().isEmpty()) {
      List<Object> rest = new ArrayList<>(object.arguments());
      object.parts().stream().filter(part -> part != object).forEach(rest::add);
      return tensors(rest) == 0 ? object.entries() : null;
    }
    return null;
  }

  /** How many different tensors can be reached from a value, in objects of unknown classes too. */
  int tensors(Object value) throws FormatException {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>();
    int found = reach(value, seen, open);
    while (!open.isEmpty()) {
      Object next = open.pop();
      switch (next) {
        case Map<?, ?> map ->
            found += reach(map.keySet(), seen, open) + reach(map.values(), seen, open);
        case Inert object -> {
          found += reach(object.arguments(), seen, open) + reach(object.parts(), seen, open);
          found += reach(object.entries().keySet(), seen, open);
          found += reach(object.entries().values(), seen, open);
        }
        case PickleReader.Tuple tuple -> found += reach(tuple.items(), seen, open);
        default -> found += reach((List<?>) next, seen, open);
      }
    }
    return found;
  }

  private int reach(Collection<?> values, Set<Object> seen, Deque<Object> open)
      throws FormatException {
    int found = 0;
    for (Object value : values) {
      found += reach(value, seen, open);
    }
    return found;
  }

  /** Counts a tensor; containers wait in {@code open}. */
  private int reach(Object value, Set<Object> seen, Deque<Object> open) throws FormatException {
    if (++visits > mostVisits) {
      throw new FormatException(
          file,
          "has dictionaries that share too many values: finding tensors takes more than "
              + FileLimit.CHECKPOINT_VALUES.of("steps"));
    }
    boolean tensor = isTensor(value) && !isArray(value) || value instanceof Storage;
    boolean container =
        value instanceof Map
            || value instanceof List
            || value instanceof PickleReader.Tuple
            || value instanceof Inert;
    if (!(tensor || container) || !seen.add(value)) {
      return 0;
    }
    if (!tensor) {
      open.add(value);
    }
    return tensor ? 1 : 0;
  }
}
