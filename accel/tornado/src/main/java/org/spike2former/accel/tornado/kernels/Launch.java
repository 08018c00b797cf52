package org.spike2former.accel.tornado.kernels;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/**
 * A kernel with its arguments.
 *
 * @param task method and arguments
 * @param grid threads and work-groups; null leaves them to TornadoVM, as only loops marked parallel
 *     allow
 */
public record Launch(TaskPackage task, WorkerGrid grid) {
  /** A launch with threads as TornadoVM sees fit. */
  public Launch(TaskPackage task) {
    this(task, null);
  }
}
