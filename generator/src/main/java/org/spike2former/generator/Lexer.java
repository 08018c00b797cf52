package org.spike2former.generator;

import java.util.ArrayList;
import java.util.List;

/** Cuts Java source into tokens, whose texts one after another are the source again. */
final class Lexer {
  private final String source;
  private int at;
  private int line = 1;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * @throws BadSource if a comment, string or text block does not end
   */
  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    List<Token> tokens = new ArrayList<>();
    while (lexer.at < source.length()) {
      tokens.add(lexer.next());
    }
    return tokens;
  }

  private Token next() {
    int begin = at;
    Token.Kind kind = skip();
    Token token = new Token(kind, source.substring(begin, at), line);
    line += (int) token.text().chars().filter(c -> c == '\n').count();
    return token;
  }

  private Token.Kind skip() {
    char c = source.charAt(at);
    if (Character.isWhitespace(c)) {
      while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
        at++;
      }
      return Token.Kind.SPACE;
    }
    if (source.startsWith("//", at)) {
      int end = source.indexOf('\n', at);
      at = end < 0 ? source.length() : end;
      return Token.Kind.COMMENT;
    }
    if (source.startsWith("/*", at)) {
      int end = source.indexOf("*/", at + 2);
      if (end < 0) {
        throw new BadSource(line, "this comment does not end");
      }
      at = end + 2;
      return Token.Kind.COMMENT;
    }
    if (c == '"' || c == '\'') {
      skipQuoted(source.startsWith("\"\"\"", at) ? "\"\"\"" : String.valueOf(c));
      return Token.Kind.QUOTED;
    }
    if (isDigit(at) || c == '.' && isDigit(at + 1)) {
      skipNumber();
      return Token.Kind.NUMBER;
    }
    if (Character.isJavaIdentifierStart(c)) {
      while (at < source.length() && Character.isJavaIdentifierPart(source.charAt(at))) {
        at++;
      }
      return Token.Kind.WORD;
    }
    at++;
    return Token.Kind.SYMBOL;
  }

  private void skipQuoted(String quote) {
    at += quote.length();
    while (!source.startsWith(quote, at)) {
      at += source.startsWith("\\", at) ? 2 : 1;
      if (at >= source.length() || quote.length() == 1 && source.charAt(at) == '\n') {
        throw new BadSource(line, "the text after " + quote + " does not end");
      }
    }
    at += quote.length();
  }

  private void skipNumber() {
    boolean hex = source.startsWith("0x", at) || source.startsWith("0X", at);
    String exponents = hex ? "pP" : "eE";
    while (at < source.length()) {
      char c = source.charAt(at);
      if (exponents.indexOf(c) >= 0 && isSign(at + 1)) {
        at++;
      } else if (c != '.' && !Character.isJavaIdentifierPart(c)) {
        return;
      }
      at++;
    }
  }

  private boolean isDigit(int place) {
    return place < source.length() && source.charAt(place) >= '0' && source.charAt(place) <= '9';
  }

  private boolean isSign(int place) {
    return place < source.length() && "+-".indexOf(source.charAt(place)) >= 0;
  }
}
