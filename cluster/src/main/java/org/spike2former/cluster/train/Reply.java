package org.spike2former.cluster.train;

import java.io.Serializable;
import java.util.List;

/**
 * A batch that an executor has computed.
 *
 * @param block see {@link org.spike2former.train.wire.BatchBlock}
 * @param executor who it was
 * @param tookWeights whether it fetched the step's weights for this batch
 * @param nanos that reading the images and computing took
 * @param skipped images that it could not use
 */
record Reply(byte[] block, String executor, boolean tookWeights, long nanos, List<Skipped> skipped)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * An image that cannot be used.
   *
   * @param index in the data set
   * @param problem what is wrong with it
   */
  record Skipped(int index, String problem) implements Serializable {
    private static final long serialVersionUID = 1;
  }
}
