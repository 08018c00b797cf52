package org.spike2former.cluster.train;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.cluster.ClusterException;
import org.spike2former.data.dataset.Dataset;

/**
 * Images that executors could not use and skipped. They must be bad for the driver too: an image
 * that is replaced by another on one machine alone makes another run.
 */
final class SkippedImages {
  private static final Logger LOG = LoggerFactory.getLogger(SkippedImages.class);

  private final Dataset images;
  private final Set<Integer> known = new HashSet<>();

  SkippedImages(Dataset images) {
    this.images = images;
  }

  /**
   * Warns of those in a reply that are new.
   *
   * @throws ClusterException if the driver can read one
   */
  void add(Reply reply) throws ClusterException {
    for (Reply.Skipped image : reply.skipped()) {
      if (!known.add(image.index())) {
        continue;
      }
      try {
        images.read(image.index());
      } catch (IOException e) {
        LOG.warn("{}; skipped", e.getMessage());
        continue;
      }
      throw new ClusterException(
          reply.executor()
              + ": "
              + image.problem()
              + "; the driver can read it: the machines do not see the same files");
    }
  }
}
