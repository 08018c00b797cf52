package org.spike2former.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.panoptic.PrecisionParity;
import org.spike2former.verify.panoptic.PredictionParity;
import org.spike2former.verify.panoptic.QualityParity;
import org.spike2former.verify.training.GradientParity;
import org.spike2former.verify.training.LossParity;
import org.spike2former.verify.training.MetricsParity;
import org.spike2former.verify.training.TrainingParity;

/**
 * Compares a folder of recordings by what it holds: a {@linkplain FixtureFolder whole network}, a
 * {@linkplain LossParity case of the criterion}, {@linkplain TrainingParity steps of training},
 * {@linkplain MetricsParity metrics}, or {@linkplain PredictionParity post-processing}, {@linkplain
 * QualityParity quality} and {@linkplain PrecisionParity precision} of segments and instances.
 */
public final class Parity {
  private final ParityOptions options;
  private final Engine engine;
  private final List<Engine> others;

  /**
   * Sets what is compared.
   *
   * @param options how
   * @param engine what is verified
   * @param others what should give the same bits; may be empty
   */
  public Parity(ParityOptions options, Engine engine, List<Engine> others) {
    this.options = options;
    this.engine = engine;
    this.others = List.copyOf(others);
  }

  /**
   * Compares a folder.
   *
   * @throws IOException naming a file that is missing or damaged
   * @throws IllegalArgumentException if the folder needs training, which the engine cannot do
   */
  public ParityReport run(Path folder) throws IOException {
    if (PredictionParity.isIn(folder)) {
      return report(folder, new PredictionParity(folder).run(options.precisions(), engine, others));
    }
    if (PrecisionParity.isIn(folder)) {
      return report(folder, PrecisionParity.run(folder));
    }
    if (QualityParity.isIn(folder)) {
      return report(folder, QualityParity.run(folder));
    }
    boolean trains = engine.training() != null;
    if (!trains && (LossParity.isIn(folder) || TrainingParity.isIn(folder))) {
      throw new IllegalArgumentException(folder + ": a device computes inference alone");
    }
    if (LossParity.isIn(folder)) {
      return report(folder, new LossParity(folder).run(options.precisions(), engine, others));
    }
    if (TrainingParity.isIn(folder)) {
      return report(folder, new TrainingParity(folder).run(options.precisions(), engine, others));
    }
    if (MetricsParity.isIn(folder)) {
      return report(folder, MetricsParity.run(folder));
    }
    try (FixtureFolder fixture = FixtureFolder.open(folder)) {
      ParityReport report =
          new ParityRun(fixture, engine.inference())
              .run(options, others.stream().map(Engine::inference).toList());
      return trains && GradientParity.isIn(fixture)
          ? report.with(
              new GradientParity(fixture)
                  .run(options, engine.training(), others.stream().map(Engine::training).toList()))
          : report;
    }
  }

  private ParityReport report(Path folder, List<Section> sections) {
    return new ParityReport(folder.toString(), options.tolerances(), Map.of(), sections);
  }
}
