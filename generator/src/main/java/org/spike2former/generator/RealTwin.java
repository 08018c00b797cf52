package org.spike2former.generator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * XRealKernels of XSpikeKernels: kernels for a device whose input x holds real numbers in place of
 * spikes. They are classes of their own because TornadoVM compiles no generics.
 */
final class RealTwin implements Twin {
  /** Code of the input, token by token; each must be there. */
  private static final Map<String, String> CODE =
      Map.of(
          "ByteArray x", "FloatArray x",
          "arrays.bytes(layer.x())", "arrays.floats(layer.x())");

  private static final Pattern PROSE = Pattern.compile("\\b(of|reads) spikes\\b");

  @Override
  public String suffix() {
    return "SpikeKernels";
  }

  @Override
  public String twinSuffix() {
    return "RealKernels";
  }

  @Override
  public List<Token> of(List<Token> source) {
    List<Token> twin = new ArrayList<>(source);
    List<Integer> places = code(source);
    Set<String> found = new HashSet<>();
    for (int i = 0; i < places.size(); i++) {
      for (var rule : CODE.entrySet()) {
        List<Token> from = words(rule.getKey());
        if (!matches(source, places, i, from)) {
          continue;
        }
        List<Token> to = words(rule.getValue());
        for (int k = 0; k < to.size(); k++) {
          twin.set(places.get(i + k), to.get(k));
        }
        found.add(rule.getKey());
      }
    }
    for (String rule : CODE.keySet()) {
      if (!found.contains(rule)) {
        throw new BadSource(1, "it has no " + rule);
      }
    }
    twin.replaceAll(this::renamed);
    return twin;
  }

  private Token renamed(Token token) {
    return switch (token.kind()) {
      case COMMENT ->
          token.with(
              PROSE
                  .matcher(token.text().replace(suffix(), twinSuffix()))
                  .replaceAll("$1 real numbers"));
      case WORD -> token.with(token.text().replaceFirst(suffix() + "$", twinSuffix()));
      case SPACE, QUOTED, NUMBER, SYMBOL -> token;
    };
  }

  private static boolean matches(
      List<Token> source, List<Integer> places, int at, List<Token> words) {
    if (at + words.size() > places.size()) {
      return false;
    }
    for (int k = 0; k < words.size(); k++) {
      if (!source.get(places.get(at + k)).is(words.get(k).text())) {
        return false;
      }
    }
    return true;
  }

  /** Where the tokens are that are neither space nor comment. */
  private static List<Integer> code(List<Token> tokens) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token.Kind kind = tokens.get(i).kind();
      if (kind != Token.Kind.SPACE && kind != Token.Kind.COMMENT) {
        places.add(i);
      }
    }
    return places;
  }

  private static List<Token> words(String text) {
    List<Token> tokens = Lexer.tokens(text);
    return code(tokens).stream().map(tokens::get).toList();
  }
}
