package org.spike2former.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.spike2former.cli.cluster.ImageCommand;
import org.spike2former.cli.command.AccelCommand;
import org.spike2former.cli.command.BenchCommand;
import org.spike2former.cli.command.CompletionCommand;
import org.spike2former.cli.command.ConfigCommand;
import org.spike2former.cli.command.CostCommand;
import org.spike2former.cli.command.DataCommand;
import org.spike2former.cli.command.DevicesCommand;
import org.spike2former.cli.command.DiffCommand;
import org.spike2former.cli.command.DumpCommand;
import org.spike2former.cli.command.EvalCommand;
import org.spike2former.cli.command.FiringCommand;
import org.spike2former.cli.command.InfoCommand;
import org.spike2former.cli.command.ModelCommand;
import org.spike2former.cli.command.ParityCommand;
import org.spike2former.cli.command.RunsCommand;
import org.spike2former.cli.command.SegmentCommand;
import org.spike2former.cli.command.ServeCommand;
import org.spike2former.cli.command.TrainCommand;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.StandardOutput;
import org.spike2former.cli.option.Home;
import org.spike2former.model.weights.ModelFolder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The {@code s2f} command. Exit codes: 0 done, 1 a check failed, 2 bad input or usage, 141 when the
 * reader of standard output is gone.
 */
@Command(
    name = "s2f",
    description = "Spike2Former, a spiking transformer for image segmentation, on the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main {
  /** Exit code of a check that failed. */
  public static final int FAILED = 1;

  /** Exit code of bad input or usage. */
  public static final int BAD_INPUT = 2;

  /** Exit code of a command whose reader is gone, as if SIGPIPE had ended it. */
  static final int READER_GONE = 128 + 13;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log what is chosen and why; stack traces with errors.")
  private boolean verbose;

  /** In the order of the help. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          SegmentCommand.class,
          TrainCommand.class,
          ConfigCommand.class,
          RunsCommand.class,
          ModelCommand.class,
          EvalCommand.class,
          DataCommand.class,
          ParityCommand.class,
          DumpCommand.class,
          DiffCommand.class,
          InfoCommand.class,
          BenchCommand.class,
          FiringCommand.class,
          CostCommand.class,
          ServeCommand.class,
          DevicesCommand.class,
          AccelCommand.class,
          CompletionCommand.class);

  private Main() {}

  public boolean isVerbose() {
    return verbose;
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) throws IOException {
    // What libraries print by themselves is in English too.
    Locale.setDefault(Locale.ENGLISH);
    StandardOutput.install();
    System.exit(run(args));
  }

  /**
   * Where the first word names a command, with that alone: reading all takes half the start. A
   * script that completes words needs all.
   */
  private static CommandLine commandLine(Main main, String... words) {
    CommandLine line = new CommandLine(main);
    List<Class<?>> named =
        COMMANDS.stream()
            .filter(command -> words.length > 0 && name(command).equals(words[0]))
            .filter(command -> command != CompletionCommand.class)
            .toList();
    for (Class<?> command : named.isEmpty() ? COMMANDS : named) {
      line.addSubcommand(command);
    }
    line.registerConverter(Path.class, Main::path);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // A file's name may begin with an at sign.
    line.setExpandAtFiles(false);
    return line;
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  private static Path path(String name) {
    try {
      return Home.named(name);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }

  /**
   * The command that words stand for, with its options, to do a share of its images.
   *
   * @throws CommandLine.ParameterException if there is no such command
   */
  public static ImageCommand imageCommand(String... words) {
    CommandLine.ParseResult parsed = commandLine(new Main(), words).parseArgs(words);
    return (ImageCommand) parsed.subcommand().commandSpec().userObject();
  }

  public static int run(String... args) {
    Main main = new Main();
    String[] words = OldSpellings.replace(args);
    CommandLine line = commandLine(main, words);
    line.setExecutionStrategy(
        parsed -> {
          configureLogging(main.verbose);
          if (parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested)) {
            // Options are sorted by their capitals.
            Locale.setDefault(Locale.ENGLISH);
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler(
        (error, _) -> {
          Errors.print(error.getMessage());
          Stream.of(words)
              .filter(word -> word.startsWith("-") && new File(word).exists())
              .findFirst()
              .ifPresent(word -> Errors.print("if the file is meant, write ./" + word));
          Errors.print(
              "try: " + error.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          return BAD_INPUT;
        });
    line.setExecutionExceptionHandler(
        (error, _, _) -> {
          Errors.print(error, main.verbose);
          return BAD_INPUT;
        });
    if (args.length == 0) {
      line.usage(System.err);
      return BAD_INPUT;
    }
    for (String argument : args) {
      if (argument.indexOf('\ufffd') >= 0) {
        Errors.print(argument + ": a name that is not UTF-8, which Java can't open; rename it");
        return BAD_INPUT;
      }
    }
    try {
      int code = line.execute(words);
      if (System.out.checkError()) {
        Errors.print("standard output could not be written");
        return BAD_INPUT;
      }
      return code;
    } catch (OutOfMemoryError _) {
      Errors.print(Errors.NO_MEMORY);
      return BAD_INPUT;
    } catch (StandardOutput.Closed _) {
      return READER_GONE;
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
