package org.spike2former.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a twin of every class below a folder that has one. Twins that are up to date are not
 * touched, and those whose source has gone are deleted.
 */
final class Generate {
  private static final Map<String, Twin> KINDS =
      Map.of("float64", new Float64Twin(), "real", new RealTwin());

  private Generate() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3 || !KINDS.containsKey(arguments[0])) {
      System.err.println("usage: Generate float64|real SOURCES TWINS");
      System.exit(2);
    }
    List<String> problems =
        twins(KINDS.get(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
    problems.forEach(System.err::println);
    if (!problems.isEmpty()) {
      System.exit(1);
    }
  }

  /** Returns what is wrong with sources, a line each; those have no twin after it. */
  static List<String> twins(Twin twin, Path sources, Path twins) throws IOException {
    List<String> problems = new ArrayList<>();
    List<Path> written = new ArrayList<>();
    for (Path source : javaFiles(sources)) {
      String name = source.getFileName().toString();
      String ending = twin.suffix() + ".java";
      if (!name.endsWith(ending)) {
        continue;
      }
      Path target =
          twins
              .resolve(sources.relativize(source))
              .resolveSibling(
                  name.substring(0, name.length() - ending.length()) + twin.twinSuffix() + ".java");
      try {
        write(target, header(name) + text(twin.of(Lexer.tokens(Files.readString(source)))));
        written.add(target);
      } catch (BadSource e) {
        problems.add(source + ":" + e.line() + ": " + e.getMessage());
      }
    }
    for (Path old : javaFiles(twins)) {
      if (!written.contains(old)) {
        Files.delete(old);
      }
    }
    return problems;
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String header(String source) {
    return "// Generated from " + source + " by " + Generate.class.getName() + "; do not edit.\n";
  }

  private static String text(List<Token> tokens) {
    return tokens.stream().map(Token::text).collect(Collectors.joining());
  }

  private static void write(Path file, String text) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
