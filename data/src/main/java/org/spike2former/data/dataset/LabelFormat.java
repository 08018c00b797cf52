package org.spike2former.data.dataset;

/** What a data set keeps labels in. */
public enum LabelFormat {
  /** A PNG file for each image whose values are classes. */
  CLASSES,
  /** PNG files whose values or colours are segments; with colours a JSON file that lists them. */
  PANOPTIC,
  /** A JSON file with the outlines of things. */
  INSTANCES
}
