package org.spike2former.cluster;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.spike2former.cli.cluster.Cluster;
import org.spike2former.cli.cluster.ClusterConfig;
import org.spike2former.cli.cluster.WorkOrder;
import org.spike2former.cli.console.Errors;
import org.spike2former.data.Tally;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.PassRunner;

/** Shares the images of a command among the executors of a Spark cluster. */
public final class SparkCluster implements Cluster {
  @Override
  public <I, R extends Tally<R>> void run(
      ClusterConfig config, WorkOrder order, ImagePass<I, R> pass, PassRunner.Listener<R> listener)
      throws IOException {
    String name = "s2f " + order.command();
    try (ClusterSession session = ClusterSession.open(config.master(), config.settings(), name)) {
      JavaSparkContext context = session.context();
      List<ImageRange> ranges =
          ImageRange.of(pass.size(), config.imagesPerTask(), context.defaultParallelism());
      Errors.print(session.describe());
      if (!session.isLocal()) {
        tellMemory(order, session.executorMemory());
      }
      Broadcast<WorkOrder> broadcast = context.broadcast(order);
      try {
        context.setCallSite(name);
        context.setJobDescription(
            String.format(
                Locale.ROOT, "%s: %d images in %d tasks", name, pass.size(), ranges.size()));
        JavaRDD<RangeResult<R>> results =
            context.parallelize(ranges, ranges.size()).map(new RangeTask<R>(broadcast));
        try (OrderedJob<RangeResult<R>> job = new OrderedJob<>(results)) {
          for (int i = 0; i < ranges.size(); i++) {
            tell(listener, job.next());
          }
        }
      } finally {
        ExecutorShare.close(order);
      }
    }
  }

  private static <R extends Tally<R>> void tell(
      PassRunner.Listener<R> listener, RangeResult<R> result) throws IOException {
    if (result.refused()) {
      throw new ClusterException(result.failure());
    }
    listener.done(result.images(), result.tally());
    if (result.failure() != null) {
      throw new IOException(result.failure());
    }
  }

  private static void tellMemory(WorkOrder order, long available) {
    try {
      long needed = order.executorBytes();
      Errors.print(
          String.format(
              Locale.ROOT,
              "an executor needs about %.1f GB and has %.1f GB%s",
              needed / 1e9,
              available / 1e9,
              needed > available ? "; spark.executor.memory says how much it has" : ""));
    } catch (IOException | IllegalArgumentException e) {
      // The work itself says what is wrong with the image.
      Errors.print("the memory that executors need is not known: " + e.getMessage());
    }
  }
}
