package org.spike2former.cluster.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.spike2former.cluster.ClusterException;
import org.spike2former.cluster.ExecutorCheck;
import org.spike2former.cluster.ThisExecutor;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.loader.Batch;
import org.spike2former.data.loader.BatchReader;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.BatchPass;
import org.spike2former.train.BatchResult;
import org.spike2former.train.config.LoopConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.RunInputs;
import org.spike2former.train.wire.BatchBlock;
import org.spike2former.train.wire.NetworkBlock;

/**
 * A run's network in an executor: one in the JVM, on all of its processors. Tasks that run at once
 * read their images at once and compute one after another.
 */
final class Replica implements AutoCloseable {
  private static Replica current;

  private final String run;
  private final TrainConfig config;
  private final Dataset images;
  private final Workers workers;
  private final BatchPass pass;
  private final BatchBlock blocks;
  private long step = -1;

  private Replica(TrainOrder order) throws IOException {
    run = order.run();
    config = read(order);
    images = config.data().dataset("train");
    String here = RunInputs.files(images);
    if (!here.equals(order.images())) {
      throw new IOException(
          config.data().root()
              + ": not the images that the driver sees, "
              + order.images()
              + ", but "
              + here
              + "; the folder must be shared by all machines");
    }
    images.begin(config.data().onBadImage());
    Network network = Network.of(config.model());
    for (Parameter parameter : network.parameters().all()) {
      parameter.set(Tensor.zeros(config.loop().precision().type(), parameter.shape()));
    }
    workers = new Workers(config.loop().threads());
    pass = BatchPass.of(config, network, workers);
    blocks = new BatchBlock(network);
  }

  private static TrainConfig read(TrainOrder order) throws IOException {
    List<String> overrides = new ArrayList<>(order.paths());
    overrides.add("train.threads=" + ThisExecutor.processors());
    Path file = Files.createTempFile("s2f-train", ".yaml");
    try {
      Files.writeString(file, order.config());
      return TrainConfig.read(file, overrides, file.getParent());
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Computes a batch of a run here.
   *
   * @param step the number of its first batch
   * @param weights at its beginning
   * @param number of the batch
   * @throws ClusterException saying where this is, and what went wrong
   */
  static Reply compute(TrainOrder order, long step, Supplier<byte[]> weights, long number)
      throws ClusterException {
    try {
      return of(order).compute(step, weights, number);
    } catch (IOException | RuntimeException e) {
      String what = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new ClusterException("executor " + ThisExecutor.name() + ": " + what, e);
    }
  }

  private static synchronized Replica of(TrainOrder order) throws IOException {
    if (current == null || !current.run.equals(order.run())) {
      Optional<String> problem = ExecutorCheck.problem();
      if (problem.isPresent()) {
        throw new IOException(problem.get());
      }
      forget();
      current = new Replica(order);
    }
    return current;
  }

  /** Frees what this JVM has of a run; for executors that live on. */
  static synchronized void forget() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  private Reply compute(long wanted, Supplier<byte[]> weights, long number) throws IOException {
    long start = System.nanoTime();
    LoopConfig loop = config.loop();
    List<Reply.Skipped> skipped = Collections.synchronizedList(new ArrayList<>());
    BatchReader reader =
        BatchReader.forTraining(
            config.data(),
            images,
            loop.batch(),
            loop.seed(),
            (index, e) -> skipped.add(new Reply.Skipped(index, e.getMessage())));
    Batch batch = reader.batch(number);
    long reading = System.nanoTime() - start;
    synchronized (this) {
      boolean takes = step != wanted;
      if (takes) {
        NetworkBlock.read(weights.get(), pass.network());
        step = wanted;
      }
      start = System.nanoTime();
      BatchResult result = pass.run(batch);
      long nanos = reading + System.nanoTime() - start;
      return new Reply(
          blocks.write(result),
          "executor " + ThisExecutor.name(),
          takes,
          nanos,
          List.copyOf(skipped));
    }
  }

  @Override
  public void close() {
    workers.close();
  }
}
