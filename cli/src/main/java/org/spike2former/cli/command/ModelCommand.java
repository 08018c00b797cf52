package org.spike2former.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code s2f model}: makes model folders. */
@Command(
    name = "model",
    description = "Makes model folders.",
    mixinStandardHelpOptions = true,
    subcommands = ModelNewCommand.class)
public final class ModelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "expected new");
  }
}
