package org.spike2former.fuzz;

import java.util.List;
import java.util.stream.Stream;

/**
 * All readers. A new one gets a line in the class below that it belongs to: a name, what its file
 * is called, seeds, the mutations that know its format, and the call that reads it whole.
 */
public final class Targets {
  private static final List<Target> ALL =
      Stream.of(
              ImageTargets.all(),
              TensorTargets.all(),
              ConfigTargets.all(),
              DatasetTargets.all(),
              CommandTargets.all())
          .flatMap(List::stream)
          .toList();

  private Targets() {}

  public static List<Target> all() {
    return ALL;
  }

  /** The target of this name. */
  public static Target named(String name) {
    return ALL.stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + ": expected one of " + ALL));
  }
}
