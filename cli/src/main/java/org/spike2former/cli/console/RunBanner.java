package org.spike2former.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spike2former.train.config.LoopConfig;
import org.spike2former.train.config.ScheduleConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.report.RunPlan;

/** What a run is about to do, in a few lines. */
final class RunBanner {
  private RunBanner() {}

  static List<String> lines(RunPlan plan) {
    TrainConfig config = plan.config();
    LoopConfig loop = config.loop();
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "network",
            "%s, %,d parameters, %d classes",
            plan.network(),
            plan.parameters(),
            config.data().classes().size()));
    lines.add(
        line(
            "data",
            "%s in %s: %,d images to train on, %,d of %s to evaluate",
            config.data().type(),
            config.data().root(),
            plan.training(),
            plan.validation(),
            loop.evalSplit()));
    String batches =
        loop.accumulate() == 1
            ? String.format(Locale.ROOT, "%d images", loop.batch())
            : String.format(
                Locale.ROOT, "%d batches of %d images", loop.accumulate(), loop.batch());
    lines.add(
        line(
            "steps",
            "%,d of %s: %.1f times through the images%s",
            plan.iterations(),
            batches,
            (double) plan.iterations() * plan.imagesPerStep() / plan.training(),
            plan.step() == 0 ? "" : String.format(Locale.ROOT, "; %,d are done", plan.step())));
    lines.add(
        line(
            "learning rate",
            "%s, %s",
            Lines.number(config.optimizer().lr()),
            schedule(config.schedule(), plan.iterations())));
    lines.add(
        line(
            "evaluation",
            "%s, checkpoints every %,d steps",
            loop.evalEvery() == 0
                ? "at the end"
                : String.format(Locale.ROOT, "every %,d steps", loop.evalEvery()),
            loop.checkpointEvery()));
    lines.add(
        line(
            "output",
            "%s%s",
            config.output(),
            config.tensorboard() ? ", events for TensorBoard" : ""));
    return lines;
  }

  private static String schedule(ScheduleConfig schedule, int iterations) {
    String start =
        schedule.warmup() == 0
            ? ""
            : String.format(Locale.ROOT, "after a warm-up of %,d steps; ", schedule.warmup());
    return schedule.steps().isEmpty()
        ? String.format(
            Locale.ROOT,
            "%sto 0 at step %,d by power %s",
            start,
            schedule.end() == null ? iterations : schedule.end(),
            Lines.number(schedule.power()))
        : String.format(
            Locale.ROOT,
            "%stimes %s at %s",
            start,
            Lines.number(schedule.stepFactor()),
            schedule.steps());
  }

  private static String line(String what, String format, Object... values) {
    return String.format(Locale.ROOT, "%-14s", what) + String.format(Locale.ROOT, format, values);
  }
}
