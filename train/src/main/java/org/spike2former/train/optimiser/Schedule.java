package org.spike2former.train.optimiser;

/** A learning rate over the steps of a run, as a factor of the base rate. */
@FunctionalInterface
public interface Schedule {
  /** The factor at a step, counted from 0. */
  double factorAt(long step);
}
