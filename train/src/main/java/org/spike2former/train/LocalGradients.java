package org.spike2former.train;

import java.io.IOException;
import org.spike2former.data.loader.DataLoader;
import org.spike2former.train.config.LoopConfig;

/** Computes the batches of a step one after another, on the run's own network. */
final class LocalGradients implements GradientSource {
  private final BatchPass pass;
  private final DataLoader loader;

  private LocalGradients(BatchPass pass, DataLoader loader) {
    this.pass = pass;
    this.loader = loader;
  }

  static GradientSource open(Run run) throws IOException {
    LoopConfig loop = run.config().loop();
    return new LocalGradients(
        run.pass(),
        DataLoader.forTraining(run.config().data(), loop.batch(), loop.seed(), run.firstBatch()));
  }

  /** The loader is where the last step ended. */
  @Override
  public void begin(long first, int count) {}

  @Override
  public BatchResult next() throws IOException {
    return pass.run(loader.next());
  }

  @Override
  public void close() {
    loader.close();
  }
}
