package org.spike2former.model.network;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/** All parameters and buffers of a network, by PyTorch's names, in the order of construction. */
public final class ParameterSet {
  private final Map<String, Parameter> byName = new LinkedHashMap<>();

  /** An empty one. */
  public ParameterSet() {}

  /**
   * Adds a parameter and returns it.
   *
   * @throws IllegalStateException if there is one of that name
   */
  public Parameter add(Parameter parameter) {
    if (byName.putIfAbsent(parameter.name(), parameter) != null) {
      throw new IllegalStateException("parameter " + parameter.name() + " is defined twice");
    }
    return parameter;
  }

  /** Every parameter and buffer. */
  public Collection<Parameter> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /** The parameter of that name, or null. */
  public Parameter get(String name) {
    return byName.get(name);
  }

  /** The values of all, not copied, by name. */
  public Map<String, Tensor> values() {
    Map<String, Tensor> values = new LinkedHashMap<>();
    byName.forEach((name, parameter) -> values.put(name, parameter.value()));
    return values;
  }

  /** Number of trainable numbers of a part of the network. */
  public long count(NetworkPart part) {
    return byName.values().stream()
        .filter(Parameter::trainable)
        .filter(parameter -> PartNames.isIn(part, parameter.name()))
        .mapToLong(Parameter::size)
        .sum();
  }

  /** Number of trainable numbers under names that start with {@code prefix}. */
  public long count(String prefix) {
    return byName.values().stream()
        .filter(parameter -> parameter.trainable() && parameter.name().startsWith(prefix))
        .mapToLong(Parameter::size)
        .sum();
  }
}
