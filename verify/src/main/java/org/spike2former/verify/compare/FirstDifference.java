package org.spike2former.verify.compare;

/**
 * The first tensor, in the order of the network, that is farther from its recording than rounding
 * alone takes a correct implementation. It may still be within the tolerance.
 *
 * @param section title of the section
 * @param row the tensor
 * @param noise errors up to this, relative to the tensor's largest magnitude, are rounding
 * @param previous name of the compared tensor before it; empty if there is none
 */
public record FirstDifference(
    String section, TensorComparison row, double noise, String previous) {}
