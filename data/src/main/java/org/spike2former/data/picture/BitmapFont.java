package org.spike2former.data.picture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * Glyphs for printable ASCII from the resource {@code font.txt}. Drawing text by Java2D needs fonts
 * that small containers lack, and gives other pixels on every machine.
 */
public final class BitmapFont {
  /** Columns of a glyph. */
  static final int WIDTH = 5;

  /** Columns from one glyph to the next. */
  public static final int ADVANCE = 6;

  /** Rows of a glyph above the base line. */
  public static final int ASCENT = 7;

  /** Rows of a glyph, with descenders. */
  public static final int HEIGHT = 9;

  private static final int FIRST = ' ';
  private static final int LAST = '~';
  private static final int PER_BLOCK = 16;
  private static final boolean[][] GLYPHS = load();

  private BitmapFont() {}

  private static boolean[][] load() {
    boolean[][] glyphs = new boolean[LAST - FIRST + 1][HEIGHT * WIDTH];
    try (InputStream in = BitmapFont.class.getResourceAsStream("font.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      lines.readLine();
      for (int block = 0; block < glyphs.length; block += PER_BLOCK) {
        for (int y = 0; y < HEIGHT; y++) {
          String line = lines.readLine();
          for (int g = block; g < Math.min(block + PER_BLOCK, glyphs.length); g++) {
            for (int x = 0; x < WIDTH; x++) {
              glyphs[g][y * WIDTH + x] = line.charAt((g - block) * ADVANCE + x) == '#';
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return glyphs;
  }

  /** The text in characters that there are glyphs for: accents go, the rest becomes "?". */
  public static String printable(String text) {
    return withoutAccents(text).replaceAll("[^ -~]", "?");
  }

  /** Whether there are glyphs for all of the text but its accents. */
  public static boolean hasGlyphs(String text) {
    return withoutAccents(text).matches("[ -~]+");
  }

  private static String withoutAccents(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
  }

  /** Whether the glyph of a printable character has ink at row {@code y} and column {@code x}. */
  static boolean ink(char c, int y, int x) {
    return GLYPHS[c - FIRST][y * WIDTH + x];
  }

  /** Columns that a text takes. */
  public static int width(String text) {
    return text.length() * ADVANCE - 1;
  }
}
