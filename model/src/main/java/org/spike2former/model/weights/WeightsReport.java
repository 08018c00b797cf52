package org.spike2former.model.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a checkpoint fits a network. Names are the file's, with its prefixes; what it lacks is named
 * as the file would.
 *
 * @param file the checkpoint
 * @param container where in the file the tensors lie, such as {@code state_dict}; empty for its top
 * @param fromPyTorch whether PyTorch wrote it, as a checkpoint or as safetensors
 * @param loaded names that were read
 * @param missing names that the network has and the checkpoint lacks
 * @param unexpected names that the checkpoint has and the network lacks, but for what only training
 *     needs
 * @param misShaped {@code name: expected [..], found [..]}
 * @param otherClasses the same of tensors that tell the classes apart, where only the number of
 *     classes is another
 * @param unset parts of the network that lack values: {@code part: tensors, parameters}
 * @param remarks which prefixes were cut, what was ignored, what could be taken instead
 */
public record WeightsReport(
    Path file,
    String container,
    boolean fromPyTorch,
    List<String> loaded,
    List<String> missing,
    List<String> unexpected,
    List<String> misShaped,
    List<String> otherClasses,
    List<String> unset,
    List<String> remarks) {
  private static final int SHOWN = 3;

  /** Copies the lists. */
  public WeightsReport {
    loaded = List.copyOf(loaded);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    misShaped = List.copyOf(misShaped);
    otherClasses = List.copyOf(otherClasses);
    unset = List.copyOf(unset);
    remarks = List.copyOf(remarks);
  }

  /** Whether every name and shape fits. */
  public boolean isExact() {
    return missing.isEmpty()
        && unexpected.isEmpty()
        && misShaped.isEmpty()
        && otherClasses.isEmpty();
  }

  /** Whether the file holds the network's names and nothing else. */
  public boolean isPlain() {
    return container.isEmpty() && remarks.isEmpty();
  }

  /** One line: how many tensors were taken from where, and what was done to their names. */
  public String summary() {
    StringBuilder out = new StringBuilder(file.toString());
    out.append(String.format(Locale.ROOT, ": %,d tensors taken", loaded.size()));
    if (!container.isEmpty()) {
      out.append(" from ").append(container);
    }
    remarks.forEach(remark -> out.append("; ").append(remark));
    return clean(out.toString());
  }

  /** One line for each kind of thing that does not fit; none if all does. */
  public List<String> gaps() {
    List<String> lines = new ArrayList<>();
    if (!otherClasses.isEmpty()) {
      lines.add(
          "of another number of classes and drawn at random: " + String.join("; ", otherClasses));
    }
    if (!unset.isEmpty()) {
      lines.add("not in " + file + " and drawn at random: " + String.join("; ", unset));
    }
    if (!unexpected.isEmpty()) {
      lines.add(count(unexpected, "not the network's and left out") + " of " + file);
    }
    return lines.stream().map(WeightsReport::clean).toList();
  }

  /** "7 missing (a, b, c, …; -v lists all)". */
  static String count(List<String> names, String what) {
    return names.size()
        + " "
        + what
        + " ("
        + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (names.size() > SHOWN ? ", …; -v lists all)" : ")");
  }

  /** Names come from files, so they may hold line breaks or terminal escapes. */
  static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
