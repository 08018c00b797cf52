package org.spike2former.serve.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spike2former.data.config.Ranges;

/** Parameters of a request, of its query or its form; each once at most. */
final class Parameters {
  private final Map<String, String> values = new LinkedHashMap<>();

  void add(String name, List<String> given) throws HttpProblem {
    if (given.size() != 1 || values.putIfAbsent(name, given.getFirst()) != null) {
      throw new HttpProblem(400, name + ": given more than once");
    }
  }

  /**
   * Refuses all but these.
   *
   * @throws HttpProblem naming one that is not among them
   */
  void requireAmong(Set<String> known) throws HttpProblem {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new HttpProblem(
            400,
            "there is no parameter "
                + name
                + "; there are "
                + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  /** Null where it is not given. */
  String text(String name) {
    return values.get(name);
  }

  boolean flag(String name, boolean usual) throws HttpProblem {
    return switch (values.get(name)) {
      case null -> usual;
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw bad(name, "true or false");
    };
  }

  double number(String name, double least, double most, double usual) throws HttpProblem {
    if (values.get(name) == null) {
      return usual;
    }
    try {
      double value = Double.parseDouble(values.get(name));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw bad(name, least + " to " + most);
  }

  int integer(String name, int least, int usual) throws HttpProblem {
    if (values.get(name) == null) {
      return usual;
    }
    try {
      int value = Integer.parseInt(values.get(name));
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw bad(name, "an integer from " + least);
  }

  <E extends Enum<E>> E choice(String name, E usual) throws HttpProblem {
    if (values.get(name) == null) {
      return usual;
    }
    E[] all = usual.getDeclaringClass().getEnumConstants();
    return Stream.of(all)
        .filter(value -> value.name().equalsIgnoreCase(values.get(name)))
        .findFirst()
        .orElseThrow(
            () -> bad(name, Stream.of(all).map(Ranges::word).collect(Collectors.joining(" or "))));
  }

  private HttpProblem bad(String name, String expected) {
    return new HttpProblem(400, name + ": expected " + expected + ", found " + values.get(name));
  }
}
