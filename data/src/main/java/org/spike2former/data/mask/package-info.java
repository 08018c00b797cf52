/**
 * Masks of single objects as COCO keeps them: run-length encodings, their compressed text, polygons
 * and boxes. What a whole image shows is in {@code data.panoptic}.
 */
package org.spike2former.data.mask;
