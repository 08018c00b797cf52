package org.spike2former.data.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.text.BreakIterator;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text in scripts that {@link BitmapFont} lacks, in the machine's fonts. Many machines have no font
 * for a script, and small containers none at all, where Java2D fails in ways of its own.
 */
final class SystemFont {
  private static final Logger LOG = LoggerFactory.getLogger(SystemFont.class);
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, false);

  /** Of the size of letters to the height of a capital. */
  private static final double SIZE = 1.4;

  private SystemFont() {}

  /**
   * A text as shades of ink.
   *
   * @param capital height of a capital letter in pixels
   * @param room width in pixels; a text that is wider loses its end
   * @return ink from 0 to 255, as high as {@link BitmapFont}'s glyphs; null if the machine's fonts
   *     lack a character
   */
  static Raster draw(String text, int capital, int room) {
    try {
      Font font = new Font(Font.SANS_SERIF, Font.PLAIN, (int) Math.round(SIZE * capital));
      return canShow(font, text) ? draw(font, fitting(font, text, room), capital) : null;
    } catch (RuntimeException | LinkageError | InternalError e) {
      LOG.debug("no text in the machine's fonts", e);
      return null;
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw e;
    } catch (Error e) {
      // Thrown as such where no font is installed.
      LOG.debug("no text in the machine's fonts", e);
      return null;
    }
  }

  /** Bitmap fonts, such as those of coloured emoji, claim characters that they leave blank. */
  private static boolean canShow(Font font, String text) {
    if (font.canDisplayUpTo(text) >= 0) {
      return false;
    }
    int[] inked = text.codePoints().filter(SystemFont::hasInk).toArray();
    for (int c : inked) {
      String letter = Character.toString(c);
      if (font.createGlyphVector(CONTEXT, letter).getVisualBounds().isEmpty()) {
        return false;
      }
    }
    return inked.length > 0;
  }

  private static boolean hasInk(int c) {
    int type = Character.getType(c);
    return !Character.isWhitespace(c)
        && !Character.isSpaceChar(c)
        && type != Character.FORMAT
        && type != Character.NON_SPACING_MARK
        && type != Character.COMBINING_SPACING_MARK
        && type != Character.ENCLOSING_MARK;
  }

  private static String fitting(Font font, String text, int room) {
    if (width(font, text) <= room) {
      return text;
    }
    BreakIterator letters = BreakIterator.getCharacterInstance(Locale.ROOT);
    letters.setText(text);
    int end = letters.last();
    while (end > 0 && width(font, text.substring(0, end) + "...") > room) {
      end = letters.previous();
    }
    return text.substring(0, Math.max(0, end)) + "...";
  }

  private static int width(Font font, String text) {
    Rectangle2D bounds = font.getStringBounds(text, CONTEXT);
    return (int) Math.ceil(bounds.getWidth());
  }

  private static Raster draw(Font font, String text, int capital) {
    int height = (int) Math.ceil(capital * (double) BitmapFont.HEIGHT / BitmapFont.ASCENT);
    BufferedImage image =
        new BufferedImage(Math.max(1, width(font, text)), height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setColor(Color.WHITE);
      graphics.setFont(font);
      graphics.drawString(text, 0, capital);
    } finally {
      graphics.dispose();
    }
    return image.getRaster();
  }
}
