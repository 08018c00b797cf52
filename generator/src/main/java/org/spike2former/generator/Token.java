package org.spike2former.generator;

/**
 * A piece of Java source.
 *
 * @param line where it begins, from 1
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    SPACE,
    /** Javadoc too. */
    COMMENT,
    /** A string, text block or character. */
    QUOTED,
    NUMBER,
    /** An identifier or a keyword. */
    WORD,
    /** One character of an operator or separator. */
    SYMBOL
  }

  boolean is(String other) {
    return text.equals(other);
  }

  Token with(String other) {
    return new Token(kind, other, line);
  }
}
