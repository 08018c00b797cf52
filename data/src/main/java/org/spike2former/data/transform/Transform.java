package org.spike2former.data.transform;

import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;

/** A step of augmentation. The same sample and random numbers give the same result. */
@FunctionalInterface
public interface Transform {
  /** Whether it changes colours, so that event frames do not go through it. */
  default boolean changesColors() {
    return false;
  }

  /** A sample made from another, which is left as it is. */
  Sample apply(Sample sample, RandomGenerator random);
}
