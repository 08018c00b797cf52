package org.spike2former.train.loss;

import org.spike2former.tensor.Tensor;

/**
 * What the criterion finds. The losses of the states have their weights applied; the total and the
 * gradients are also scaled, and averaged if so configured.
 *
 * @param total what is to be minimised
 * @param cls classification loss of each state
 * @param mask focal loss of each state
 * @param dice dice loss of each state
 * @param classScoresGradient of the total, shaped as the class scores
 * @param masksGradient of the total, shaped as the masks
 * @param assigned for each state, image and target the matched query, or −1; the order of an
 *     image's targets is that of its {@link GroundTruth}
 */
public record Losses(
    double total,
    double[] cls,
    double[] mask,
    double[] dice,
    Tensor classScoresGradient,
    Tensor masksGradient,
    int[][][] assigned) {}
