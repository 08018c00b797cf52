/**
 * The front door: an image goes into {@link org.spike2former.model.Segmenter} and a {@link
 * org.spike2former.model.Segmentation} comes out, or its things and stuff one by one. The network
 * itself is in {@code network}, what is made of its masks in {@code panoptic}, checkpoints and
 * model folders in {@code weights}.
 */
package org.spike2former.model;
