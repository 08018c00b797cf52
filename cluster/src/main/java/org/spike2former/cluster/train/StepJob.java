package org.spike2former.cluster.train;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** A step as a Spark job that hands replies over as they come; Spark's Java interface has none. */
final class StepJob {
  private StepJob() {}

  /** The one reply of a task. */
  private static final class Only extends AbstractFunction2<TaskContext, Iterator<Reply>, Reply>
      implements Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Reply apply(TaskContext context, Iterator<Reply> replies) {
      return replies.next();
    }
  }

  /**
   * Runs a step's job to its end.
   *
   * @param first number of its first batch
   * @param replies gets them by their place in the step
   * @throws org.apache.spark.SparkException if a batch failed too often
   */
  static void run(
      JavaSparkContext context,
      TrainOrder order,
      Broadcast<byte[]> weights,
      long first,
      int count,
      Replies replies) {
    List<Integer> batches = IntStream.range(0, count).boxed().toList();
    JavaRDD<Reply> computed =
        context
            .parallelize(batches, count)
            .map(i -> Replica.compute(order, first, weights::value, first + i))
            .setName("gradients");
    Seq<Object> partitions = CollectionConverters.asScala(List.<Object>copyOf(batches)).toSeq();
    context
        .sc()
        .runJob(
            computed.rdd(),
            new Only(),
            partitions,
            new AbstractFunction2<Object, Reply, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object batch, Reply reply) {
                replies.put((Integer) batch, reply);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag$.MODULE$.apply(Reply.class));
  }
}
