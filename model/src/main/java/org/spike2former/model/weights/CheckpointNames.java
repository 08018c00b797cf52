package org.spike2former.model.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.io.FormatException;

/**
 * Matches the network's names with those of a file.
 *
 * <p>Nothing is known about the file's prefixes: for each part of the network, backbone, neck and
 * head, they are what stands before the names of that part. What stands before {@code backbone.},
 * {@code neck.} or {@code decode_head.} is the <em>root</em> of a network in the file, often
 * nothing or {@code module.}; names of a backbone alone have no {@code backbone.}. Where several
 * roots have a network, the one with the most names is taken, then the one of the fewest segments,
 * then one that is not an average, then the first.
 */
final class CheckpointNames {
  /** What PyTorch's wrappers put into names, at any place in them. */
  private static final Set<String> WRAPPERS =
      Set.of("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

  /** Words for weights averaged over training, stored next to the plain ones. */
  private static final Set<String> AVERAGED = Set.of("ema", "teacher", "swa", "momentum");

  /** Modules of a network; losses and metrics lie outside its prefix. */
  private static final Set<String> NETWORK =
      Set.of("backbone", "neck", "decode_head", "panoptic_head");

  /** What the names of modules that training needs and inference does not begin with. */
  private static final Set<String> TRAINING =
      Set.of("auxiliary_head", "criterion", "loss", "data_preprocessor");

  /** The classifiers of a backbone that was trained alone. */
  private static final Set<String> CLASSIFIERS =
      Set.of("head", "head_kd", "head_dist", "fc", "classifier");

  /** Counters that averages of weights keep. */
  private static final Set<String> COUNTERS =
      Set.of("steps", "n_averaged", "num_updates", "decay", "epoch", "iter", "global_step");

  private static final String NECK = "neck.";
  private static final List<String> PARTS = List.of("backbone.", NECK, "decode_head.");
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "backbone.",
          List.of("backbone."),
          NECK,
          List.of(NECK),
          "decode_head.",
          List.of("decode_head.", "panoptic_head."));

  /** A prefix counts as a part's if it precedes one in this many of the part's names. */
  private static final int MIN_SHARE = 10;

  /** The network's names have up to ten segments. */
  private static final int LONGEST = 24;

  /** Names of a part under one prefix, by what follows the prefix, to those in the file. */
  private record Found(String part, String prefix, Map<String, String> names) {
    /** The prefix of the whole network, if this is the prefix of a part of it. */
    String root() {
      String rest = withoutWrappers(prefix);
      for (String word : WORDS.get(part)) {
        if (rest.endsWith("." + word) || rest.equals(word)) {
          return rest.substring(0, rest.length() - word.length());
        }
      }
      return prefix;
    }

    /** Modules of a neck are in other parts too, by the same names: what is a neck's says so. */
    boolean isOfAnotherPart() {
      return part.equals(NECK) && !prefix.isEmpty() && root().equals(prefix);
    }

    /** How many of the names are weights; averages may lack the counters of batches. */
    int size() {
      return (int) names.keySet().stream().filter(n -> !n.endsWith(Scope.BATCH_COUNT)).count();
    }

    private static String withoutWrappers(String prefix) {
      int dot = prefix.lastIndexOf('.', prefix.length() - 2);
      boolean wrapped =
          prefix.length() > 1 && WRAPPERS.contains(prefix.substring(dot + 1, prefix.length() - 1));
      return wrapped ? withoutWrappers(prefix.substring(0, dot + 1)) : prefix;
    }
  }

  private final Map<String, Found> taken = new LinkedHashMap<>();
  private final Map<String, String> sources = new HashMap<>();
  private final List<String> unexpected = new ArrayList<>();
  private final Map<String, Integer> ignored = new LinkedHashMap<>();
  private final Map<String, Integer> others = new LinkedHashMap<>();

  /**
   * Finds the network's names among a file's.
   *
   * @param prefix what the names of the network to be taken begin with, a dot at its end; empty for
   *     the usual choice
   * @throws FormatException if a name of the network is twice under one prefix
   */
  CheckpointNames(ParameterSet parameters, Path file, List<String> names, String prefix)
      throws FormatException {
    List<Found> candidates = candidates(parameters, file, names);
    Map<String, List<Found>> roots = new LinkedHashMap<>();
    for (Found found : candidates) {
      if (found.prefix.startsWith(prefix)) {
        roots.computeIfAbsent(found.root(), _ -> new ArrayList<>()).add(found);
      }
    }
    List<String> order = new ArrayList<>(roots.keySet());
    order.sort(
        Comparator.comparingInt((String root) -> -count(roots.get(root)))
            .thenComparingInt(root -> segments(root).size())
            .thenComparing(CheckpointNames::isAveraged));
    // A part that the best root lacks may be under another one.
    for (String part : PARTS) {
      order.stream()
          .map(root -> largest(roots.get(root), part))
          .filter(found -> found != null)
          .findFirst()
          .ifPresent(found -> taken.put(part, found));
    }
    taken.forEach(
        (part, found) -> found.names.forEach((tail, source) -> sources.put(part + tail, source)));
    classify(names, candidates, order.isEmpty() ? "" : order.get(0));
  }

  private static List<Found> candidates(ParameterSet parameters, Path file, List<String> names)
      throws FormatException {
    List<Found> candidates = new ArrayList<>();
    for (String part : PARTS) {
      Set<String> tails =
          parameters.all().stream()
              .map(Parameter::name)
              .filter(name -> name.startsWith(part))
              .map(name -> name.substring(part.length()))
              .collect(Collectors.toSet());
      Map<String, Map<String, String>> byPrefix = new LinkedHashMap<>();
      for (String name : names) {
        find(name, tails, byPrefix, file);
      }
      byPrefix.forEach(
          (prefix, found) -> {
            Found each = new Found(part, prefix, found);
            if (found.size() * MIN_SHARE >= tails.size() && !each.isOfAnotherPart()) {
              candidates.add(each);
            }
          });
    }
    return candidates;
  }

  /** Adds a name under every prefix after which it is one of the tails. */
  private static void find(
      String name, Set<String> tails, Map<String, Map<String, String>> byPrefix, Path file)
      throws FormatException {
    List<String> segments = segments(name);
    int start = name.length();
    String tail = "";
    for (int i = segments.size() - 1; i >= Math.max(0, segments.size() - LONGEST); i--) {
      String segment = segments.get(i);
      start -= segment.length() + (i == segments.size() - 1 ? 0 : 1);
      if (WRAPPERS.contains(segment)) {
        continue;
      }
      tail = tail.isEmpty() ? segment : segment + "." + tail;
      if (tails.contains(tail)) {
        String prefix = name.substring(0, start);
        String other = byPrefix.computeIfAbsent(prefix, _ -> new LinkedHashMap<>()).put(tail, name);
        if (other != null) {
          throw new FormatException(file, "has one tensor twice, as " + other + " and " + name);
        }
      }
    }
  }

  private static int count(List<Found> parts) {
    return PARTS.stream()
        .map(part -> largest(parts, part))
        .mapToInt(found -> found == null ? 0 : found.size())
        .sum();
  }

  private static Found largest(List<Found> found, String part) {
    Found largest = null;
    for (Found each : found) {
      boolean larger = largest == null || each.size() > largest.size();
      largest = each.part.equals(part) && larger ? each : largest;
    }
    return largest;
  }

  private static List<String> segments(String name) {
    return name.isEmpty() ? List.of() : Arrays.asList(name.split("\\.", -1));
  }

  private static boolean isAveraged(String name) {
    return Arrays.stream(name.split("[._]")).anyMatch(AVERAGED::contains);
  }

  /** Sorts the names that are not taken: other networks, what inference does not need, the rest. */
  private void classify(List<String> names, List<Found> candidates, String root) {
    Set<String> used = new LinkedHashSet<>(sources.values());
    Map<String, String> copies = new HashMap<>();
    Set<String> otherRoots = new LinkedHashSet<>();
    for (Found found : candidates) {
      if (!taken.containsValue(found)) {
        found.names.values().forEach(name -> copies.put(name, found.root()));
        otherRoots.add(found.root());
      }
    }
    otherRoots.removeIf(other -> other.isEmpty() || root.startsWith(other));
    for (String name : names) {
      if (used.contains(name)) {
        continue;
      }
      String copy =
          copies.containsKey(name)
              ? copies.get(name)
              : otherRoots.stream().filter(name::startsWith).findFirst().orElse(null);
      if (copy != null) {
        others.merge(copy, 1, Integer::sum);
        continue;
      }
      boolean inside = name.startsWith(root);
      String label = ignorable(inside ? name.substring(root.length()) : name, inside);
      if (label == null) {
        unexpected.add(name);
      } else {
        ignored.merge(label, 1, Integer::sum);
      }
    }
  }

  /** What of training a name belongs to, or null for a name that may matter. */
  private String ignorable(String name, boolean inside) {
    List<String> segments =
        segments(name).stream().filter(segment -> !WRAPPERS.contains(segment)).toList();
    String first = segments.isEmpty() ? "" : segments.get(0);
    if (segments.size() == 1 && COUNTERS.contains(first)) {
      return first;
    }
    if (segments.size() > 1 && TRAINING.stream().anyMatch(first::startsWith)) {
      return first;
    }
    if (!inside && !NETWORK.contains(first) && !isAveraged(first)) {
      return first;
    }
    boolean alone = taken.containsKey("backbone.") && !taken.containsKey("decode_head.");
    if (alone && segments.size() == 2 && CLASSIFIERS.contains(first)) {
      return first;
    }
    return isAveraged(first) ? "averaged weights" : null;
  }

  /** The file's name of a parameter, or null. */
  String source(String parameter) {
    return sources.get(parameter);
  }

  /** What the file would call a parameter, for messages. */
  String named(String parameter) {
    String source = sources.get(parameter);
    if (source != null) {
      return source;
    }
    for (Map.Entry<String, Found> part : taken.entrySet()) {
      if (parameter.startsWith(part.getKey())) {
        return part.getValue().prefix + parameter.substring(part.getKey().length());
      }
    }
    return parameter;
  }

  /** Names that the network lacks and that may matter. */
  List<String> unexpected() {
    return unexpected;
  }

  /** What of the names was cut or read otherwise, what else the file has; empty for plain names. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    Map<String, List<Found>> renamed = new TreeMap<>();
    taken.forEach(
        (part, found) -> {
          if (!found.prefix.equals(part)) {
            renamed.computeIfAbsent(found.root(), _ -> new ArrayList<>()).add(found);
          }
        });
    renamed.forEach(
        (root, parts) -> {
          boolean plain = parts.stream().allMatch(found -> found.prefix.equals(root + found.part));
          if (plain && parts.size() == taken.size()) {
            remarks.add("prefix " + root + " cut");
          } else {
            parts.forEach(found -> remarks.add(reading(found)));
          }
        });
    if (!ignored.isEmpty()) {
      remarks.add("ignored " + counts(ignored));
    }
    if (!others.isEmpty()) {
      Map<String, Integer> shown = new LinkedHashMap<>();
      others.forEach(
          (root, count) -> shown.put(root.isEmpty() ? "names without prefix" : root, count));
      remarks.add("not taken, but there too: " + counts(shown) + ", see weights_key");
    }
    return remarks;
  }

  private static String reading(Found found) {
    String part = found.part.substring(0, found.part.length() - 1);
    return found.prefix.isEmpty()
        ? "a " + (part.equals("decode_head") ? "head" : part) + " alone"
        : found.prefix + " read as " + found.part;
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(e -> e.getKey() + " (" + e.getValue() + (e.getValue() == 1 ? " tensor)" : " tensors)"))
        .collect(Collectors.joining(", "));
  }
}
