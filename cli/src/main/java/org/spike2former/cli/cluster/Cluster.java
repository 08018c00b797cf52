package org.spike2former.cli.cluster;

import java.io.IOException;
import org.spike2former.data.Tally;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.PassRunner;

/** Machines that share work; a service that module cluster provides. */
public interface Cluster {
  /**
   * Has executors take a pass over its images.
   *
   * @param order what executors make the pass from
   * @param pass the same on this machine; it has begun
   * @param listener told of parts in the order of the images, on the caller's thread
   * @throws IOException with one line that says why there is no cluster, why it cannot do it, or
   *     which image failed
   */
  <I, R extends Tally<R>> void run(
      ClusterConfig config, WorkOrder order, ImagePass<I, R> pass, PassRunner.Listener<R> listener)
      throws IOException;
}
