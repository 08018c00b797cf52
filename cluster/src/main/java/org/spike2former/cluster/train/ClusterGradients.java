package org.spike2former.cluster.train;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.spike2former.cluster.ClusterSession;
import org.spike2former.cluster.ExecutorCheck;
import org.spike2former.train.BatchResult;
import org.spike2former.train.GradientSource;
import org.spike2former.train.run.RunInputs;
import org.spike2former.train.wire.BatchBlock;
import org.spike2former.train.wire.NetworkBlock;

/**
 * The batches of a step, computed by executors: a Spark job each step, a task each batch. Weights
 * go out as one broadcast block; every batch comes back as a block of its own, since the sum of
 * gradients depends on the order of the summands, which is that of the batches.
 */
final class ClusterGradients implements GradientSource {
  private final ClusterSession session;
  private final Run run;
  private final TrainOrder order;
  private final SkippedImages skipped;
  private final BatchBlock blocks;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("s2f-step").factory());
  private final StepCosts costs = new StepCosts();

  private Replies replies;

  private ClusterGradients(ClusterSession session, Run run) throws IOException {
    this.session = session;
    this.run = run;
    order = TrainOrder.of(run.config(), run.inputs().path(RunInputs.TRAINING).asText());
    skipped = new SkippedImages(run.config().data().dataset("train"));
    blocks = new BatchBlock(run.pass().network());
    long weights = NetworkBlock.bytes(run.pass().network());
    TrainingMemory.requireDriver(weights, Runtime.getRuntime().maxMemory());
    run.listener().notice(TrainingMemory.requireExecutor(weights, session.executorMemory()));
  }

  /** Opens one; the session ends with it. */
  static GradientSource open(ClusterSession session, Run run) throws IOException {
    try {
      return new ClusterGradients(session, run);
    } catch (IOException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public void begin(long first, int count) {
    byte[] weights = NetworkBlock.write(run.pass().network());
    Replies wanted = new Replies();
    costs.begin(weights.length);
    replies = wanted;
    thread.execute(
        () -> {
          try {
            JavaSparkContext context = session.context();
            Broadcast<byte[]> sent = context.broadcast(weights);
            context.setJobDescription(describe(first, count));
            StepJob.run(context, order, sent, first, count, wanted);
            sent.destroy();
          } catch (Throwable e) {
            wanted.fail(e);
          }
        });
  }

  private String describe(long first, int count) {
    return String.format(
        Locale.ROOT,
        "train: step %d, %d batches",
        first / run.config().loop().accumulate() + 1,
        count);
  }

  @Override
  public BatchResult next() throws IOException {
    Reply reply;
    try {
      reply = replies.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the cluster", e);
    } catch (ExecutionException e) {
      throw ExecutorCheck.asClusterException(e.getCause());
    }
    skipped.add(reply);
    BatchResult result = blocks.read(reply.block());
    costs.add(reply);
    return result;
  }

  @Override
  public Map<String, Double> costs() {
    return costs.ofStep();
  }

  @Override
  public void close() {
    run.listener().notice(costs.summary());
    thread.shutdown();
    session.close();
    Replica.forget();
  }
}
