package org.spike2former.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.spike2former.cli.console.Errors;

/** Options that had another name in the previous release: they still work, with a note. */
final class OldSpellings {
  private static final Map<String, Map<String, String>> BY_COMMAND =
      Map.of(
          "segment", Map.of("--mode", "--arithmetic"),
          "eval", Map.of("--out", "--output"),
          "firing", Map.of("--out", "--output"),
          "data", Map.of("--out", "--output"));

  private OldSpellings() {}

  /** The command line with today's names; what comes after {@code --} is not an option. */
  static String[] replace(String... args) {
    int command = 0;
    while (command < args.length && args[command].startsWith("-")) {
      command++;
    }
    if (command == args.length) {
      return args;
    }
    Map<String, String> names = BY_COMMAND.getOrDefault(args[command], Map.of());
    List<String> replaced = new ArrayList<>(List.of(args).subList(0, command + 1));
    boolean options = true;
    for (String argument : List.of(args).subList(command + 1, args.length)) {
      options &= !argument.equals("--");
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String today = options ? names.get(name) : null;
      if (today == null) {
        replaced.add(argument);
      } else {
        Errors.print(
            name + " is called " + today + " now; the old name disappears with the next release");
        replaced.add(today + argument.substring(name.length()));
      }
    }
    return replaced.toArray(String[]::new);
  }
}
