package org.spike2former.cluster;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.FutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.spike2former.data.Tally;
import org.spike2former.data.loader.PassRunner;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** A job whose results are taken in the order of its tasks, each as soon as those before it are. */
final class OrderedJob<R extends Tally<R>> {
  private static final long LOOK_MILLIS = 100;

  /** The result of a task, which comes once, however often the task was tried. */
  private record Arrival<R extends Tally<R>>(int task, RangeResult<R> result) {}

  private final JavaRDD<ImageRange> tasks;
  private final Function1<Iterator<ImageRange>, RangeResult<R>> work;
  private final BlockingQueue<Arrival<R>> arrivals = new LinkedBlockingQueue<>();

  OrderedJob(JavaRDD<ImageRange> tasks, Function1<Iterator<ImageRange>, RangeResult<R>> work) {
    this.tasks = tasks;
    this.work = work;
  }

  /**
   * Runs it; the listener is called by this thread.
   *
   * @throws IOException if an executor cannot do it; else that of the first image that failed, or
   *     why the cluster gave up
   */
  void run(PassRunner.Listener<R> listener) throws IOException {
    int count = tasks.getNumPartitions();
    FutureAction<Object> job = submit(count);
    Map<Integer, RangeResult<R>> waiting = new HashMap<>();
    try {
      int next = 0;
      while (next < count) {
        Arrival<R> arrival = await(job);
        if (arrival.result.refused()) {
          throw new ClusterException(arrival.result.failure());
        }
        waiting.put(arrival.task, arrival.result);
        for (; waiting.containsKey(next); next++) {
          RangeResult<R> result = waiting.remove(next);
          listener.done(result.images(), result.tally());
          if (result.failure() != null) {
            throw new IOException(result.failure());
          }
        }
      }
    } finally {
      job.cancel();
    }
  }

  private FutureAction<Object> submit(int count) {
    var collect =
        new AbstractFunction2<Object, RangeResult<R>, BoxedUnit>() {
          @Override
          public BoxedUnit apply(Object task, RangeResult<R> result) {
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
        CollectionConverters.asScala(IntStream.range(0, count).<Object>mapToObj(i -> i).toList());
    return tasks.context().submitJob(tasks.rdd(), work, all.toSeq(), collect, nothing);
  }

  private Arrival<R> await(FutureAction<Object> job) throws ClusterException {
    try {
      while (true) {
        // Looked at before the queue: no result comes after the job's end.
        boolean ended = job.isCompleted();
        Arrival<R> arrival = arrivals.poll(ended ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (arrival != null) {
          return arrival;
        }
        if (ended) {
          throw ExecutorCheck.asClusterException(job.value().get().failed().get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for executors", e);
    }
  }
}
