package org.spike2former.fuzz;

import java.util.List;
import org.spike2former.fuzz.mutation.Bytes;
import org.spike2former.fuzz.mutation.Lines;
import org.spike2former.fuzz.seed.Texts;

/** What is asked of the command and of the service. */
final class CommandTargets {
  private CommandTargets() {}

  static List<Target> all() {
    return List.of(
        Target.of(
            "arguments",
            "arguments.txt",
            Texts.commands(),
            List.of(new Lines(), new Bytes()),
            new Commands()),
        Target.of(
            "request",
            "request.http",
            Texts.requests(),
            List.of(new Lines(), new Bytes()),
            new Requests()));
  }
}
