package org.spike2former.train.loss;

/**
 * What it costs to give a target to a query, in the image of one state. All arrays are [Q, G].
 *
 * @param queries Q
 * @param targets G
 * @param cls part of the class, weighted
 * @param mask focal part, weighted
 * @param dice dice part, weighted
 * @param total the sum, rounded to the precision of the masks
 */
public record MatchingCost(
    int queries, int targets, double[] cls, double[] mask, double[] dice, double[] total) {}
