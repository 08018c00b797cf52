package org.spike2former.model.panoptic;

import org.spike2former.data.mask.Box;
import org.spike2former.data.mask.Rle;

/**
 * A thing that was found; others may lie on the same pixels.
 *
 * @param query that found it
 * @param category its class, contiguous from 0
 * @param score its class score times the mean of the mask's probabilities inside the mask, 0 to 1
 * @param box the least one that holds the mask; {@link Box#EMPTY} without pixels
 * @param mask where the mask's probability is above ½
 */
public record Instance(int query, int category, double score, Box box, Rle mask) {}
