/**
 * What every pixel of an image belongs to: things one by one and stuff by class. Masks of single
 * objects are in {@code data.mask}, files of data sets in {@code data.coco}.
 */
package org.spike2former.data.panoptic;
