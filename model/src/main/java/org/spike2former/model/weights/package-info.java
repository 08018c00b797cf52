/**
 * Weights for a network: model folders, checkpoints of several authors' naming, presets, and the
 * report of what was loaded, left over or missing. Formats of files are in the tensors' {@code io}.
 */
package org.spike2former.model.weights;
