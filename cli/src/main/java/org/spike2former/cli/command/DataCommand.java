package org.spike2former.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code s2f data}: looks at data sets. */
@Command(
    name = "data",
    description = "Checks, shows and converts data sets, and makes frames of events.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DataCheckCommand.class,
      DataShowCommand.class,
      DataConvertCommand.class,
      DataEventsCommand.class
    })
public final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "expected check, show, convert or events");
  }
}
