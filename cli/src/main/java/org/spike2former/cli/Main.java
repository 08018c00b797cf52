package org.spike2former.cli;

import org.spike2former.model.ModelFolder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code s2f} command. Exit codes: 0 done, 1 a check failed, 2 bad input or usage. */
@Command(
    name = "s2f",
    description = "Spike2Former, a spiking transformer for image segmentation, on the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      SegmentCommand.class,
      TrainCommand.class,
      EvalCommand.class,
      DataCommand.class,
      ParityCommand.class,
      DumpCommand.class,
      DiffCommand.class,
      InfoCommand.class,
      BenchCommand.class,
      FiringCommand.class,
      CostCommand.class,
      DevicesCommand.class,
      AccelCommand.class
    })
public final class Main {
  /** Exit code of a check that failed. */
  static final int FAILED = 1;

  /** Exit code of bad input or usage. */
  static final int BAD_INPUT = 2;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log what is chosen and why; stack traces with errors.")
  private boolean verbose;

  /** The jar's version. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"s2f " + (version == null ? "(unpackaged)" : version)};
    }
  }

  private Main() {}

  boolean isVerbose() {
    return verbose;
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(
        parsed -> {
          configureLogging(main.verbose);
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler(
        (error, ignored) -> {
          Errors.print(error.getMessage());
          Errors.print(
              "try: " + error.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          return BAD_INPUT;
        });
    line.setExecutionExceptionHandler(
        (error, ignored, parsed) -> {
          Errors.print(error, main.verbose);
          return BAD_INPUT;
        });
    if (args.length == 0) {
      line.usage(System.err);
      return BAD_INPUT;
    }
    try {
      int code = line.execute(args);
      if (System.out.checkError()) {
        Errors.print("standard output could not be written");
        return BAD_INPUT;
      }
      return code;
    } catch (OutOfMemoryError e) {
      Errors.print(Errors.NO_MEMORY);
      return BAD_INPUT;
    }
  }

  /** Before the first logger exists. */
  private static void configureLogging(boolean verbose) {
    System.setProperty("org.slf4j.simpleLogger.showThreadName", "false");
    System.setProperty("org.slf4j.simpleLogger.showShortLogName", "true");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "debug" : "warn");
    // What was taken of a checkpoint should be seen.
    System.setProperty("org.slf4j.simpleLogger.log." + ModelFolder.class.getName(), "info");
  }
}
