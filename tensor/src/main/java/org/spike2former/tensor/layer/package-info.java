/**
 * Weight layers and their BatchNorms: what a checkpoint says of them, their window on a map, and
 * the weights that an implementation computes with once norms and the scale of spikes are folded
 * in, as real numbers or as 8-bit integers. No loops over maps: those are in {@code cpu}.
 */
package org.spike2former.tensor.layer;
