package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.report.ConfigSchema;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.train.config.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code s2f config}: a configuration with all defaults, or the schema of one. */
@Command(
    name = "config",
    header = "Prints a training configuration with all defaults; nothing is trained.",
    description = {
      "The output is itself a configuration: s2f train does the same with it as with the file and"
          + " its overrides.",
      "With --schema the JSON Schema of a kind of file, for editors that complete and check it."
    },
    mixinStandardHelpOptions = true)
public final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", arity = "0..1", description = "As for s2f train.")
  private Path file;

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Override the configuration, for example train.iterations=100.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--schema",
      paramLabel = "KIND",
      description = "Instead, print the JSON Schema of: ${COMPLETION-CANDIDATES}.")
  private ConfigSchema schema;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to a file instead of standard output.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    if ((file == null) == (schema == null)) {
      throw new ParameterException(
          spec.commandLine(), "expected either a CONFIG.yaml or --schema KIND");
    }
    String text =
        schema != null
            ? schema.text()
            : TrainConfig.read(Home.trainings().get(file), overrides, Home.configs()).print();
    if (output == null) {
      System.out.print(text);
    } else {
      AtomicFile.write(output, text);
    }
    return 0;
  }
}
