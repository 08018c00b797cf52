package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spike2former.cli.Main;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.StopSignals;
import org.spike2former.cli.console.TrainConsole;
import org.spike2former.cli.option.Home;
import org.spike2former.train.Trainer;
import org.spike2former.train.TrainingException;
import org.spike2former.train.config.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code s2f train}: a configuration in, a trained model out. */
@Command(
    name = "train",
    header = "Trains a network as a YAML file says; survives being killed (--resume).",
    description = {
      "Ctrl-C or SIGTERM ends a run after its current step, with a checkpoint, curves and exit code"
          + " 130 or 143; a second one ends it at once."
    },
    mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "CONFIG",
      description = "What to train and how: a YAML file, or the name of one in configs.")
  private Path file;

  @Option(names = "--resume", description = "Go on after the last checkpoint in the output folder.")
  private boolean resume;

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Override the configuration, for example train.iterations=100.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Short for --set train.threads=N; results do not depend on it.")
  private Integer threads;

  @Option(
      names = "--on-bad-image",
      paramLabel = "skip|fail",
      description = "Short for --set data.loader.on_bad_image=…: what to do about a damaged image.")
  private String onBadImage;

  @Override
  public Integer call() throws IOException {
    if (threads != null) {
      overrides.add("train.threads=" + threads);
    }
    if (onBadImage != null) {
      overrides.add("data.loader.on_bad_image=" + onBadImage);
    }
    TrainConfig config = TrainConfig.read(Home.trainings().get(file), overrides, Home.configs());
    try (TrainConsole console = new TrainConsole(config.loop().logEvery());
        Trainer trainer = new Trainer(config, console);
        StopSignals signals = new StopSignals(trainer::requestStop)) {
      try {
        return trainer.run(resume) ? 0 : signals.exitCode();
      } catch (TrainingException e) {
        Errors.print(e, main.isVerbose());
        return Main.FAILED;
      } catch (OutOfMemoryError _) {
        Errors.print(Errors.NO_MEMORY + "; " + trainer.remaining());
        return Main.BAD_INPUT;
      }
    }
  }
}
