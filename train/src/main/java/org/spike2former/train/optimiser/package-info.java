/**
 * AdamW, clipping of gradients, the learning rate's schedule, and the moving average of weights.
 * Gradients come from the tape, settings from {@code config}.
 */
package org.spike2former.train.optimiser;
