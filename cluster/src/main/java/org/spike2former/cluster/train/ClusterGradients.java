package org.spike2former.cluster.train;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.spike2former.cluster.ClusterSession;
import org.spike2former.cluster.OrderedJob;
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
  private final StepCosts costs = new StepCosts();

  private Broadcast<byte[]> weights;
  private OrderedJob<Reply> job;

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
    endStep();
    byte[] block = NetworkBlock.write(run.pass().network());
    costs.begin(block.length);
    JavaSparkContext context = session.context();
    context.setJobDescription(describe(first, count));
    Broadcast<byte[]> sent = context.broadcast(block);
    weights = sent;
    TrainOrder asked = order;
    List<Integer> batches = IntStream.range(0, count).boxed().toList();
    job =
        new OrderedJob<>(
            context
                .parallelize(batches, count)
                .map(i -> Replica.compute(asked, first, sent::value, first + i))
                .setName("gradients"));
  }

  private void endStep() {
    if (job != null) {
      job.close();
      weights.destroy();
      job = null;
    }
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
    Reply reply = job.next();
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
    endStep();
    session.close();
    Replica.forget();
  }
}
