/**
 * Parity of panoptic and instance segmentation: post-processing, panoptic quality and mask
 * precision against recordings of what others make of the same input.
 */
package org.spike2former.verify.panoptic;
