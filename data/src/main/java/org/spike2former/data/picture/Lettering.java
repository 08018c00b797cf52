package org.spike2former.data.picture;

import java.awt.image.Raster;

/**
 * A name on one line. Names that {@link BitmapFont} has glyphs for look the same on every machine;
 * others are written in the machine's fonts or, where these lack a character, replaced.
 */
public final class Lettering {
  /** Height of a smooth capital in pixels. */
  private static final int CAPITAL = 8;

  private final String text;
  private final Raster drawn;
  private final int scale;

  private Lettering(String text, Raster drawn, int scale) {
    this.text = text;
    this.drawn = drawn;
    this.scale = scale;
  }

  /**
   * A name.
   *
   * @param letters most that are shown, in the width of the bitmap font; a longer name loses its
   *     end
   * @param instead a printable text for a name that cannot be shown
   * @param scale pixels per pixel of the bitmap font
   */
  public static Lettering of(String name, int letters, String instead, int scale) {
    if (!BitmapFont.hasGlyphs(name)) {
      int room = letters * BitmapFont.ADVANCE * scale;
      Raster drawn = SystemFont.draw(name.strip(), BitmapFont.ASCENT * scale, room);
      return new Lettering(instead, drawn, scale);
    }
    String text = BitmapFont.printable(name);
    boolean fits = text.length() <= letters;
    return new Lettering(fits ? text : text.substring(0, letters - 3) + "...", null, scale);
  }

  /**
   * A text in the machine's fonts, which look better; where it has none, in the bitmap font.
   *
   * @param letters most that are shown, in the width of the bitmap font
   */
  static Lettering smooth(String text, int letters) {
    int room = letters * BitmapFont.ADVANCE;
    Raster drawn = text.isBlank() ? null : SystemFont.draw(text.strip(), CAPITAL, room);
    String plain = BitmapFont.printable(text);
    return drawn == null
        ? of(plain.isEmpty() ? " " : plain, letters, "?", 1)
        : new Lettering(plain, drawn, 1);
  }

  /** Columns of the bitmap font that it takes, {@code scale} pixels each. */
  public int width() {
    return drawn == null ? BitmapFont.width(text) : Math.ceilDiv(drawn.getWidth(), scale);
  }

  /** Draws it with its upper left corner at (left, top), where the paper is of one colour. */
  public void draw(Canvas canvas, int left, int top, int paper, int ink) {
    if (drawn == null) {
      canvas.text(text, left, top, scale, ink);
      return;
    }
    for (int y = 0; y < drawn.getHeight(); y++) {
      for (int x = 0; x < drawn.getWidth(); x++) {
        int share = drawn.getSample(x, y, 0);
        if (share > 0) {
          canvas.set(left + x, top + y, mix(paper, ink, share));
        }
      }
    }
  }

  private static int mix(int paper, int ink, int share) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int level = (paper >> shift & 0xff) * (255 - share) + (ink >> shift & 0xff) * share;
      mixed |= (level + 127) / 255 << shift;
    }
    return mixed;
  }
}
