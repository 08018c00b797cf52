package org.spike2former.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code s2f accel}: looks at what devices are given to do. */
@Command(
    name = "accel",
    description = "Shows what is sent to devices.",
    mixinStandardHelpOptions = true,
    subcommands = AccelKernelsCommand.class)
public final class AccelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "expected kernels");
  }
}
