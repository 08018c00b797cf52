package org.spike2former.verify.report;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Pages of Mustache templates, which escape every value but pictures and styles. */
final class Html {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .withEscaper(Html::escape)
          .withLoader(name -> new StringReader(resource(name + ".mustache").strip()));

  private Html() {}

  /** Fills in the template of a name with what an object's methods return. */
  static String render(String template, Object values) {
    return COMPILER.compile(resource(template + ".mustache")).execute(values);
  }

  /** A file of this package. */
  static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Text, also of an attribute in quotes; control characters become blanks. */
  static String escape(String text) {
    return Escapers.HTML.escape(text.replaceAll("\\p{Cntrl}", " "));
  }
}
