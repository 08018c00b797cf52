package org.spike2former.accel.fpga;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Mustache templates of sources, which take values as they are. A template that another one
 * includes, on a line of its own, is indented as that line is.
 */
final class Templates {
  private static final Mustache.Compiler COMPILER = Mustache.compiler().escapeHTML(false);
  private static final Pattern INCLUDED = Pattern.compile("(?m)^( *)\\{\\{>(\\w+)}}\n");
  private static final Pattern LINE = Pattern.compile("(?m)^(?=.)");

  private Templates() {}

  /** Fills in the template of a name with a map's values or what an object's methods return. */
  static String render(String template, Object values) {
    return COMPILER.compile(whole(template)).execute(values);
  }

  private static String whole(String template) {
    return INCLUDED
        .matcher(resource(template + ".mustache"))
        .replaceAll(included -> Matcher.quoteReplacement(indented(included)));
  }

  private static String indented(MatchResult included) {
    return LINE.matcher(whole(included.group(2))).replaceAll(included.group(1));
  }

  /** A file of this package. */
  static String resource(String name) {
    try (InputStream in = Templates.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
