/**
 * What images and labels have in common: classes with their names and colours, label maps, samples.
 * Reading pictures is in {@code image}, drawing in {@code picture}, metrics in {@code metric}, data
 * sets on disk in {@code dataset}, batches in {@code loader}, augmentation in {@code transform};
 * segments of images in {@code panoptic}, masks of objects in {@code mask}, COCO's files in {@code
 * coco}.
 */
package org.spike2former.data;
