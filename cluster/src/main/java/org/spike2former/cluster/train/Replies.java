package org.spike2former.cluster.train;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The replies of a step: they come in any order and are taken in that of the batches. */
final class Replies {
  private final Map<Integer, Reply> waiting = new HashMap<>();
  private Throwable failure;
  private int next;

  synchronized void put(int batch, Reply reply) {
    waiting.put(batch, reply);
    notifyAll();
  }

  /** No more will come. */
  synchronized void fail(Throwable why) {
    failure = why;
    notifyAll();
  }

  /**
   * Waits for the next reply.
   *
   * @throws ExecutionException if it will not come
   */
  synchronized Reply take() throws InterruptedException, ExecutionException {
    while (!waiting.containsKey(next) && failure == null) {
      wait();
    }
    Reply reply = waiting.remove(next);
    if (reply == null) {
      throw new ExecutionException(failure);
    }
    next++;
    return reply;
  }
}
