package org.spike2former.data.picture;

/**
 * How a photo is shown under colours.
 *
 * @param opacity of the colours, 0…1; outlines are opaque
 * @param legend whether there is one
 */
public record OverlayStyle(double opacity, boolean legend) {
  /** Half photo, half colour, with a legend. */
  public static final OverlayStyle USUAL = new OverlayStyle(0.5, true);

  /**
   * Checks the opacity.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public OverlayStyle {
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException("expected an opacity from 0 to 1, found " + opacity);
    }
  }
}
