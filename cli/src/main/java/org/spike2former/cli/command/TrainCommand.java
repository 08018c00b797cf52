package org.spike2former.cli.command;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spike2former.cli.Main;
import org.spike2former.cli.cluster.ClusterOptions;
import org.spike2former.cli.cluster.GradientCluster;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.RunSummary;
import org.spike2former.cli.console.StopSignals;
import org.spike2former.cli.console.TrainConsole;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.Sweep;
import org.spike2former.train.TrainListener;
import org.spike2former.train.Trainer;
import org.spike2former.train.TrainingException;
import org.spike2former.train.config.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code s2f train}: a configuration in, a trained model out. */
@Command(
    name = "train",
    header = "Trains a network as a YAML file says; survives being killed (--resume).",
    description = {
      "Ctrl-C or SIGTERM ends a run after its current step, with a checkpoint, curves and exit code"
          + " 130 or 143; a second one, or 300 seconds (-Ds2f.max-stop-seconds), ends it at once."
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
      names = "--sweep",
      arity = "1..*",
      paramLabel = "KEY=VALUE,VALUE…",
      description =
          "Train with each of these values, one after the other, into folders of their own below"
              + " output; with several keys, with each combination. s2f runs compares them.")
  private List<String> sweeps = new ArrayList<>();

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

  @Mixin private ClusterOptions cluster;

  @Override
  public Integer call() throws IOException {
    if (threads != null) {
      overrides.add("train.threads=" + threads);
    }
    if (onBadImage != null) {
      overrides.add("data.loader.on_bad_image=" + onBadImage);
    }
    Path config = Home.trainings().get(file);
    if (sweeps.isEmpty()) {
      return train(TrainConfig.read(config, overrides, Home.configs()));
    }
    return sweep(config);
  }

  /** One run after the other. All configurations are read first, so that none is wrong later. */
  private int sweep(Path file) throws IOException {
    List<TrainConfig> runs = new ArrayList<>();
    Path output = TrainConfig.read(file, overrides, Home.configs()).output();
    for (Sweep.Variant variant : Sweep.variants(sweeps)) {
      List<String> all = new ArrayList<>(overrides);
      all.addAll(variant.overrides());
      String folder = output.resolve(variant.name()).toString();
      all.add("output=" + TextNode.valueOf(folder));
      runs.add(TrainConfig.read(file, all, Home.configs()));
    }
    int failed = 0;
    for (int i = 0; i < runs.size(); i++) {
      System.out.println("run " + (i + 1) + " of " + runs.size() + ": " + runs.get(i).output());
      int code = train(runs.get(i));
      if (code != 0 && code != Main.FAILED) {
        return code;
      }
      failed += code == 0 ? 0 : 1;
    }
    System.out.println("to compare them: s2f runs " + output);
    return failed == 0 ? 0 : Main.FAILED;
  }

  private int train(TrainConfig config) throws IOException {
    try (TrainConsole console = new TrainConsole(config.loop().logEvery());
        Trainer trainer = trainer(config, console);
        StopSignals signals =
            new StopSignals(trainer::requestStop, "this step", "a checkpoint of it")) {
      try {
        if (!trainer.run(resume)) {
          return signals.exitCode();
        }
        RunSummary.lines(config.output()).forEach(console::notice);
        return 0;
      } catch (TrainingException e) {
        Errors.print(e, main.isVerbose());
        return Main.FAILED;
      } catch (OutOfMemoryError _) {
        Errors.print(Errors.NO_MEMORY + "; " + trainer.remaining());
        return Main.BAD_INPUT;
      }
    }
  }

  private Trainer trainer(TrainConfig config, TrainListener listener) throws IOException {
    return cluster.given()
        ? new Trainer(
            config,
            listener,
            ClusterOptions.service(GradientCluster.class).opener(cluster.config()))
        : new Trainer(config, listener);
  }
}
