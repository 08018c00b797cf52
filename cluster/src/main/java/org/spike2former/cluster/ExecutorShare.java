package org.spike2former.cluster;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.spike2former.cli.cluster.WorkOrder;
import org.spike2former.data.loader.ImagePass;

/**
 * The work as one executor does its share: a network for all of its tasks, which take turns, since
 * it computes each image with all of the executor's processors.
 */
final class ExecutorShare {
  /** In this JVM, by the name of the order. */
  private static final Map<String, ExecutorShare> OPEN = new HashMap<>();

  private final ImagePass<?, ?> pass;

  private ExecutorShare(ImagePass<?, ?> pass) {
    this.pass = pass;
  }

  /**
   * That of this JVM; the first task opens it.
   *
   * @throws IOException in one line, if this executor cannot do it
   */
  static ExecutorShare of(WorkOrder order) throws IOException {
    synchronized (OPEN) {
      ExecutorShare share = OPEN.get(order.id());
      if (share == null) {
        Optional<String> problem = ExecutorCheck.problem();
        if (problem.isPresent()) {
          throw new ClusterException(problem.get());
        }
        try {
          share = new ExecutorShare(order.open(ThisExecutor.processors()));
        } catch (IOException | RuntimeException e) {
          throw new ClusterException(
              "executor "
                  + ThisExecutor.name()
                  + ": "
                  + e.getMessage()
                  + "; executors need the files that the driver sees, by the same names",
              e);
        }
        OPEN.put(order.id(), share);
      }
      return share;
    }
  }

  /** Closes that of this JVM, if there is one. */
  static void close(WorkOrder order) {
    synchronized (OPEN) {
      ExecutorShare share = OPEN.remove(order.id());
      if (share != null) {
        share.pass.close();
      }
    }
  }

  ImagePass<?, ?> pass() {
    return pass;
  }
}
