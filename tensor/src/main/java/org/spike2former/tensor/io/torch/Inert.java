package org.spike2former.tensor.io.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object of a class that is not known here and is never looked up: the class is a name for
 * messages, and what the pickle gave the object is kept only to see whether tensors are in it.
 */
public final class Inert {
  private final String type;
  private final List<Object> arguments;
  private final String flaw;
  private List<Object> parts = List.of();
  private Map<Object, Object> entries = Map.of();

  private Inert(String type, List<Object> arguments, String flaw) {
    this.type = type;
    this.arguments = arguments;
    this.flaw = flaw;
  }

  /**
   * An object.
   *
   * @param type the name of its class, or of the function whose result it would be
   * @param arguments what that was called with
   */
  static Inert of(String type, List<Object> arguments) {
    return new Inert(type, arguments, null);
  }

  /** Bytes, text or numbers of which only the kind is known. */
  static Inert dropped(String type) {
    return new Inert(type, List.of(), null);
  }

  /**
   * A tensor that cannot be read.
   *
   * @param flaw what it is instead of a plain tensor, as in "is sparse"
   */
  static Inert tensor(String type, List<Object> arguments, String flaw) {
    return new Inert(type, arguments, flaw);
  }

  public String type() {
    return type;
  }

  /** Why this tensor cannot be read; null if it is none. */
  public String flaw() {
    return flaw;
  }

  public boolean isTensor() {
    return flaw != null;
  }

  List<Object> arguments() {
    return arguments;
  }

  /** What was appended, added, or set as state. */
  public List<Object> parts() {
    return parts;
  }

  /** What was put as into a dictionary. */
  Map<Object, Object> entries() {
    return entries;
  }

  void add(List<Object> items) {
    if (parts.isEmpty()) {
      parts = new ArrayList<>(items.size());
    }
    parts.addAll(items);
  }

  void put(Object key, Object value) {
    if (entries.isEmpty()) {
      entries = new LinkedHashMap<>(4);
    }
    entries.put(key, value);
  }
}
