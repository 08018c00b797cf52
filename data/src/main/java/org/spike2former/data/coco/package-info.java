/**
 * COCO's JSON files: panoptic annotations with their PNG files, instances, and results of
 * detectors. What they hold is in terms of {@code data.panoptic} and {@code data.mask}.
 */
package org.spike2former.data.coco;
