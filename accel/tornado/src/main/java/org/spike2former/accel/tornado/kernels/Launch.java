package org.spike2former.accel.tornado.kernels;

import java.util.List;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A kernel with its arguments.
 *
 * @param task method and arguments
 * @param grid threads and work-groups; null leaves them to TornadoVM, as only loops marked parallel
 *     allow whose bounds are numbers among the arguments
 * @param sizes arrays of {@link Arrays#sizes} among the arguments
 */
public record Launch(TaskPackage task, WorkerGrid grid, List<IntArray> sizes) {
  /** A launch with threads of its own choice. */
  public Launch(TaskPackage task, WorkerGrid grid) {
    this(task, grid, List.of());
  }

  /** A launch with threads as TornadoVM sees fit. */
  public Launch(TaskPackage task) {
    this(task, null);
  }
}
