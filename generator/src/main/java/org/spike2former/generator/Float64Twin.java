package org.spike2former.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * XF64 of XF32: types, literals and names become those of float64, in code and in comments. What
 * has no entry here is refused, since a leftover float32 would round silently. A line that ends in
 * the comment {@value #KEPT} stays as it is.
 */
final class Float64Twin implements Twin {
  static final String KEPT = "// float32 in both precisions";

  private static final Map<String, String> NAMES =
      Map.of(
          "float", "double",
          "Float", "Double",
          "floats", "doubles",
          "FloatVector", "DoubleVector");

  private static final Pattern WORD = Pattern.compile("\\w+");

  @Override
  public String suffix() {
    return "F32";
  }

  @Override
  public String twinSuffix() {
    return "F64";
  }

  @Override
  public List<Token> of(List<Token> source) {
    Set<Integer> kept =
        source.stream().filter(t -> t.is(KEPT)).map(Token::line).collect(Collectors.toSet());
    int declaration = declaration(source);
    List<Token> twin = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      Token token = source.get(i);
      if (i == declaration) {
        // (float) of a double has an effect in the source alone.
        twin.add(new Token(Token.Kind.SYMBOL, "@SuppressWarnings(\"cast\")\n", token.line()));
      }
      twin.add(kept.contains(token.line()) ? token : token.with(translate(token)));
    }
    return twin;
  }

  /** Where the class begins, after package and imports. */
  private static int declaration(List<Token> source) {
    boolean inStatement = false;
    for (int i = 0; i < source.size(); i++) {
      Token token = source.get(i);
      if (token.kind() == Token.Kind.SPACE || token.kind() == Token.Kind.COMMENT) {
        continue;
      }
      if (inStatement) {
        inStatement = !token.is(";");
      } else if (token.is("package") || token.is("import")) {
        inStatement = true;
      } else {
        return i;
      }
    }
    throw new BadSource(1, "it declares no class");
  }

  private static String translate(Token token) {
    return switch (token.kind()) {
      case SPACE, SYMBOL -> token.text();
      case COMMENT -> comment(token.text());
      case NUMBER -> number(token.text());
      case WORD -> known(token, name(token.text()));
      case QUOTED -> known(token, token.text());
    };
  }

  private static String name(String word) {
    return word.endsWith("F32")
        ? word.substring(0, word.length() - 2) + "64"
        : NAMES.getOrDefault(word, word);
  }

  private static String comment(String text) {
    return WORD.matcher(text)
        .replaceAll(word -> word.group().equals("float32") ? "float64" : name(word.group()));
  }

  /** A double needs a point where it has no exponent, or it would be an integer. */
  private static String number(String literal) {
    String small = literal.toLowerCase(Locale.ROOT);
    boolean hex = small.startsWith("0x");
    if (!small.endsWith("f") || hex && !small.contains("p")) {
      return literal;
    }
    String digits = literal.substring(0, literal.length() - 1);
    return hex || small.contains(".") || small.contains("e") ? digits : digits + ".0";
  }

  private static String known(Token token, String translated) {
    String small = translated.toLowerCase(Locale.ROOT);
    if (small.contains("float") || small.contains("f32")) {
      throw new BadSource(
          token.line(),
          "no twin is known of "
              + token.text()
              + "; put what depends on the width into a class of its own");
    }
    return translated;
  }
}
