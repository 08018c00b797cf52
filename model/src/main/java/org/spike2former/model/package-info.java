/**
 * The front door: an image goes into {@link org.spike2former.model.Segmenter} and a {@link
 * org.spike2former.model.Segmentation} comes out. The network itself is in {@code network},
 * checkpoints and model folders in {@code weights}, segments and instances in {@code panoptic}.
 */
package org.spike2former.model;
