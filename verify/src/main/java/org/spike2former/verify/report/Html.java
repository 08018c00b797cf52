package org.spike2former.verify.report;

/** Text of a page, in which everything but tags is escaped. */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /** Adds tags as they are. */
  Html tags(String tags) {
    out.append(tags);
    return this;
  }

  /** Adds text. */
  Html text(Object text) {
    out.append(escape(String.valueOf(text)));
    return this;
  }

  /** Adds an element that holds text. */
  Html element(String name, Object text) {
    return tags("<" + name + ">").text(text).tags("</" + name + ">");
  }

  /** Adds an element of a class that holds text. */
  Html element(String name, String type, Object text) {
    return tags("<" + name + " class=\"" + type + "\">").text(text).tags("</" + name + ">");
  }

  /** Text, also of an attribute in quotes; control characters become blanks. */
  static String escape(String text) {
    return text.replaceAll("\\p{Cntrl}", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
