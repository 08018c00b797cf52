package org.spike2former.cluster;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.FutureAction;
import org.apache.spark.api.java.JavaRDD;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * A job whose results are taken in the order of its tasks, each as soon as those before it are;
 * Spark's Java interface has none.
 */
public final class OrderedJob<R> implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private final BlockingQueue<Arrival<R>> arrivals = new LinkedBlockingQueue<>();
  private final Map<Integer, R> waiting = new HashMap<>();
  private final FutureAction<Object> job;
  private int next;

  /** The result of a task, which comes once, however often the task was tried. */
  private record Arrival<R>(int task, R result) {}

  /** What a task sends back. */
  private static final class Only<R> extends AbstractFunction1<Iterator<R>, R>
      implements Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public R apply(Iterator<R> results) {
      return results.next();
    }
  }

  /**
   * Starts it.
   *
   * @param results one in each partition, which is a task
   */
  public OrderedJob(JavaRDD<R> results) {
    var collect =
        new AbstractFunction2<Object, R, BoxedUnit>() {
          @Override
          public BoxedUnit apply(Object task, R result) {
            arrivals.add(new Arrival<>((Integer) task, result));
            return BoxedUnit.UNIT;
          }
        };
    var nothing =
        new AbstractFunction0<Object>() {
          @Override
          public Object apply() {
            return BoxedUnit.UNIT;
          }
        };
    var all =
        CollectionConverters.asScala(
            IntStream.range(0, results.getNumPartitions()).<Object>mapToObj(i -> i).toList());
    job = results.context().submitJob(results.rdd(), new Only<R>(), all.toSeq(), collect, nothing);
  }

  /**
   * Waits for the result of the next task; to be asked as often as there are tasks.
   *
   * @throws ClusterException saying why it will not come, or if this thread is interrupted
   */
  public R next() throws ClusterException {
    try {
      while (!waiting.containsKey(next)) {
        // Looked at before the queue: no result comes after the job's end.
        boolean ended = job.isCompleted();
        Arrival<R> arrival = arrivals.poll(ended ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (arrival != null) {
          waiting.put(arrival.task, arrival.result);
        } else if (ended) {
          throw ExecutorCheck.asClusterException(job.value().get().failed().get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for executors", e);
    }
    return waiting.remove(next++);
  }

  /** Ends the tasks that still run. */
  @Override
  public void close() {
    job.cancel();
  }
}
