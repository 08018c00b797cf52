package org.spike2former.model.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.Parameter;

/** Adds up parameters without values by the part of the network that they belong to. */
final class MissingParts {
  private final Map<String, Integer> all = new LinkedHashMap<>();
  private final Map<String, Integer> tensors = new LinkedHashMap<>();
  private final Map<String, Long> parameters = new LinkedHashMap<>();

  MissingParts(ParameterSet set) {
    for (Parameter parameter : set.all()) {
      if (!parameter.name().endsWith(Scope.BATCH_COUNT)) {
        all.merge(part(parameter.name()), 1, Integer::sum);
      }
    }
  }

  /** The backbone as a whole, and the modules of the head. */
  private static String part(String name) {
    String[] segments = name.split("\\.");
    return segments[0].equals("backbone") ? segments[0] : segments[0] + "." + segments[1];
  }

  void add(Parameter parameter) {
    String part = part(parameter.name());
    tensors.merge(part, 1, Integer::sum);
    parameters.merge(part, parameter.trainable() ? (long) parameter.size() : 0, Long::sum);
  }

  /** "decode_head.pixel_decoder: 123 tensors, 4,567,890 parameters", for each part. */
  List<String> lines() {
    return tensors.entrySet().stream()
        .map(
            entry -> {
              String part = entry.getKey();
              int count = entry.getValue();
              String of = count == all.get(part) ? "" : " of " + all.get(part);
              String noun = count == 1 && of.isEmpty() ? "tensor" : "tensors";
              return String.format(
                  Locale.ROOT,
                  "%s: %,d%s %s, %,d parameters",
                  part,
                  count,
                  of,
                  noun,
                  parameters.get(part));
            })
        .toList();
  }
}
