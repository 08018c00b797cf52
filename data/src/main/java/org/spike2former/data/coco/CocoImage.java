package org.spike2former.data.coco;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.spike2former.data.image.ImageLimit;

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
   * Checks id and size. Masks take memory for the size that is claimed here, so it has the limit of
   * images that are read.
   *
   * @throws IllegalArgumentException if one is none, or the image has too many pixels
   */
  public CocoImage {
    CocoJson.require("id", id);
    long pixels = (long) height * width;
    boolean positive = height > 0 && width > 0;
    if (!positive || pixels > Math.min(ImageLimit.PIXELS.value(), Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "image "
              + id
              + ": a size of "
              + width
              + "x"
              + height
              + " pixels"
              + (positive ? ", more than " + ImageLimit.PIXELS : ""));
    }
  }
}
