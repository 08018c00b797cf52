package org.spike2former.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.spike2former.train.TrainConfig;
import org.spike2former.train.Trainer;
import org.spike2former.train.TrainingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code s2f train}: a configuration in, a trained model out. */
@Command(
    name = "train",
    description = "Trains a network as a YAML file says; survives being killed (--resume).",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  /** How long Ctrl-C waits for the step to end and the checkpoint to be written. */
  private static final int STOP_SECONDS = 600;

  @ParentCommand private Main main;

  @Parameters(paramLabel = "CONFIG.yaml", description = "What to train and how; see configs/.")
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
    TrainConfig config = TrainConfig.read(file, overrides, Home.path().resolve("configs"));
    CountDownLatch ended = new CountDownLatch(1);
    try (TrainConsole console = new TrainConsole(config.loop().logEvery());
        Trainer trainer = new Trainer(config, console)) {
      Thread hook = new Thread(() -> stop(trainer, ended), "stop");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        trainer.run(resume);
        return 0;
      } catch (TrainingException e) {
        Errors.print(e, main.isVerbose());
        return Main.FAILED;
      } finally {
        ended.countDown();
        removeHook(hook);
      }
    }
  }

  private static void stop(Trainer trainer, CountDownLatch ended) {
    trainer.requestStop();
    try {
      if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        Errors.print("the step did not end; the last checkpoint counts");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is going down: the hook is what waits for this method.
      return;
    }
  }
}
