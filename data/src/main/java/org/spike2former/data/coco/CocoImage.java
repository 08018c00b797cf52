package org.spike2former.data.coco;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An image as files list it.
 *
 * @param id a number in COCO's own files, a name in those of Cityscapes
 * @param fileName may be null
 */
public record CocoImage(
    @JsonProperty(required = true) CocoId id,
    String fileName,
    @JsonProperty(required = true) int height,
    @JsonProperty(required = true) int width) {
  /**
   * Checks id and size.
   *
   * @throws IllegalArgumentException if one is none
   */
  public CocoImage {
    CocoJson.require("id", id);
    if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "image " + id + ": a size of " + width + "x" + height + " pixels");
    }
  }
}
