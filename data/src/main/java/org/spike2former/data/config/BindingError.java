package org.spike2former.data.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * What an exception of Jackson means to the author of a file.
 *
 * @param at the key, from the tree that was bound
 * @param problem such as "expected an integer, found two"
 */
record BindingError(JsonPointer at, String problem) {
  private static final int LONGEST = 60;

  /** The meaning of an exception from binding a tree. */
  static BindingError of(JsonProcessingException e, JsonNode tree) {
    List<Reference> path =
        e instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
    JsonPointer at = JsonPointer.empty();
    for (Reference step : path) {
      at =
          step.getFieldName() == null
              ? at.appendIndex(step.getIndex())
              : at.appendProperty(step.getFieldName());
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof BadValueException bad) {
        JsonPointer key = in(tree, KeyPath.under(at, bad.key()));
        boolean isOwn = e instanceof ValueInstantiationException && key.head().equals(at);
        BindingError unknown =
            isOwn && tree.at(key).isMissingNode()
                ? unknown(key, ((ValueInstantiationException) e).getType().getRawClass(), tree)
                : null;
        return unknown != null ? unknown : new BindingError(key, bad.problem());
      }
      if (cause instanceof IllegalArgumentException) {
        return new BindingError(at, cause.getMessage());
      }
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      List<String> known = unknown.getKnownPropertyIds().stream().map(Object::toString).toList();
      return new BindingError(at, "unknown key" + Spelling.known(unknown.getPropertyName(), known));
    }
    Class<?> target = target(e);
    if (target != null) {
      BindingError unknown = tree.at(at).isMissingNode() ? unknown(at, owner(path), tree) : null;
      return unknown != null ? unknown : new BindingError(at, mismatch(target, path, tree.at(at)));
    }
    return new BindingError(at, e.getOriginalMessage().lines().findFirst().orElse(""));
  }

  /** What a value should have been; null if the exception is about something else. */
  private static Class<?> target(JsonProcessingException e) {
    if (e instanceof MismatchedInputException mismatch) {
      return mismatch.getTargetType() == null ? Object.class : mismatch.getTargetType();
    }
    // A number that is too large for its type.
    return e.getCause() instanceof InputCoercionException large ? large.getTargetType() : null;
  }

  /** An unknown key next to a missing one may be that one misspelt. */
  private static BindingError unknown(JsonPointer missing, Class<?> owner, JsonNode tree) {
    if (owner == null || !owner.isRecord()) {
      return null;
    }
    List<String> known =
        Arrays.stream(owner.getRecordComponents()).map(Ranges::key).sorted().toList();
    for (Iterator<String> names = tree.at(missing.head()).fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        return new BindingError(
            missing.head().appendProperty(name), "unknown key" + Spelling.known(name, known));
      }
    }
    return null;
  }

  private static Class<?> owner(List<Reference> path) {
    Reference last = path.isEmpty() ? null : path.get(path.size() - 1);
    if (last == null || last.getFieldName() == null) {
      return null;
    }
    return last.getFrom() instanceof Class<?> type ? type : last.getFrom().getClass();
  }

  /** A value may stand for a list of one. */
  private static JsonPointer in(JsonNode tree, JsonPointer at) {
    boolean isItem = at.head() != null && tree.at(at.head()).isValueNode();
    return isItem ? at.head() : at;
  }

  private static String mismatch(Class<?> target, List<Reference> path, JsonNode found) {
    String expected = expected(target, path);
    if (found.isMissingNode()) {
      return "missing; expected " + expected;
    }
    boolean isWord = target.isEnum() && found.isTextual();
    String text = isWord || found.isNumber() ? found.asText() : found.toString();
    return "expected "
        + expected
        + ", found "
        + (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
  }

  private static String expected(Class<?> target, List<Reference> path) {
    Class<?> owner = owner(path);
    if (owner != null && owner.isRecord()) {
      String key = path.get(path.size() - 1).getFieldName();
      for (RecordComponent component : owner.getRecordComponents()) {
        if (Ranges.key(component).equals(key)) {
          return Ranges.expected(component);
        }
      }
    }
    return Ranges.expected(target);
  }
}
