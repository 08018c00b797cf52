package org.spike2former.serve;

import java.time.Duration;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.tensor.Backend;

/**
 * How a {@link Service} listens, computes and limits itself.
 *
 * @param host the address to listen at
 * @param port 0 for any that is free
 * @param workers images that are computed at a time
 * @param threads of all workers together, one each at least
 * @param queue images that may wait for a worker; one more is refused
 * @param maxBodyBytes of a request
 * @param timeLimit from the whole request to its answer
 * @param backend the kernels on the CPU
 * @param costs energy of operations
 */
public record ServiceOptions(
    String host,
    int port,
    int workers,
    int threads,
    int queue,
    int maxBodyBytes,
    Duration timeLimit,
    Backend backend,
    EnergyCosts costs) {
  /** Most connections at a time for each image in the house, those that wait included. */
  private static final int CONNECTIONS = 8;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that is out of range
   */
  public ServiceOptions {
    require("port", port, 0, 65_535);
    require("workers", workers, 1, 256);
    require("threads", threads, 1, 1024);
    require("queue", queue, 0, 10_000);
    require("maximum of bytes in a body", maxBodyBytes, 1, 1 << 30);
    if (!timeLimit.isPositive()) {
      throw new IllegalArgumentException("the time limit must be above 0, found " + timeLimit);
    }
  }

  private static void require(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "the " + what + " must be " + least + " to " + most + ", found " + value);
    }
  }

  /** Threads of one worker. */
  int threadsOfWorker() {
    return Math.max(1, threads / workers);
  }

  /** Most connections at a time; those beyond it wait to be accepted. */
  int connections() {
    return CONNECTIONS * (workers + queue) + CONNECTIONS;
  }

  /**
   * Port 8080 of this machine alone, one worker on all processors, 16 images that wait, 16 MiB of
   * body and a minute.
   *
   * @param costs energy of operations
   */
  public static ServiceOptions defaults(EnergyCosts costs) {
    int processors = Runtime.getRuntime().availableProcessors();
    Duration minute = Duration.ofMinutes(1);
    return new ServiceOptions(
        "127.0.0.1", 8080, 1, processors, 16, 16 << 20, minute, Backend.AUTO, costs);
  }
}
