package org.spike2former.accel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * A call of one of {@link Ops}' methods, to be made with other tensors.
 *
 * @param method the method
 * @param arguments its arguments, of which some are tensors or lists of tensors
 */
record Call(Method method, Object[] arguments) {
  /** A call without arguments comes with null from a proxy. */
  Call {
    arguments = arguments == null ? new Object[0] : arguments;
  }

  /** The arguments of a kind, with those in lists, in order. */
  <T extends Tensor> List<T> tensors(Class<T> kind) {
    List<T> found = new ArrayList<>();
    for (Object argument : arguments) {
      for (Object part : argument instanceof List<?> list ? list : parts(argument)) {
        if (kind.isInstance(part)) {
          found.add(kind.cast(part));
        }
      }
    }
    return found;
  }

  private static List<Object> parts(Object argument) {
    return argument == null ? List.of() : List.of(argument);
  }

  /** Makes the call as it is. */
  Object on(Ops ops) {
    return on(ops, arguments);
  }

  /** Makes the call with these tensors, in order, in place of those of a kind. */
  Tensor on(Ops ops, Class<? extends Tensor> kind, List<? extends Tensor> others) {
    Iterator<? extends Tensor> rest = others.iterator();
    Object[] replaced = new Object[arguments.length];
    for (int i = 0; i < replaced.length; i++) {
      if (arguments[i] instanceof List<?> list) {
        List<Object> parts = new ArrayList<>();
        list.forEach(part -> parts.add(kind.isInstance(part) ? rest.next() : part));
        replaced[i] = parts;
      } else {
        replaced[i] = kind.isInstance(arguments[i]) ? rest.next() : arguments[i];
      }
    }
    return (Tensor) on(ops, replaced);
  }

  private Object on(Ops ops, Object... values) {
    try {
      return method.invoke(ops, values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
