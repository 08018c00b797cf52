package org.spike2former.data.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The limits of a number, or of every number in a list. {@link Ranges#check} holds a record's
 * values to them; errors and the JSON Schema state them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Range {
  /** The least value. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The greatest value. */
  double max() default Double.POSITIVE_INFINITY;

  /** Whether {@code min} itself is out of range. */
  boolean aboveMin() default false;

  /** Whether {@code max} itself is out of range. */
  boolean belowMax() default false;

  /** How many numbers the list has; 0: any number of them. */
  int size() default 0;
}
