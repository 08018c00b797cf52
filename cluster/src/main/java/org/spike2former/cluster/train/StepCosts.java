package org.spike2former.cluster.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Bytes that steps move, and how long they take beside the computing. */
final class StepCosts {
  private long weights;
  private long start;
  private long sent;
  private long received;
  private final Map<String, Long> busy = new HashMap<>();

  private int steps;
  private double allSeconds;
  private double allBusiest;
  private double allSent;
  private double allReceived;

  /** A step begins, with weights of that many bytes. */
  void begin(long bytes) {
    start = System.nanoTime();
    weights = bytes;
    sent = 0;
    received = 0;
    busy.clear();
  }

  void add(Reply reply) {
    sent += reply.tookWeights() ? weights : 0;
    received += reply.block().length;
    busy.merge(reply.executor(), reply.nanos(), Long::sum);
  }

  /**
   * The step is over.
   *
   * @return bytes that all executors fetched and gave, seconds that they computed, together and the
   *     one that did so longest
   */
  Map<String, Double> ofStep() {
    double busiest = busy.values().stream().mapToLong(Long::longValue).max().orElse(0) / 1e9;
    double computing = busy.values().stream().mapToLong(Long::longValue).sum() / 1e9;
    steps++;
    allSeconds += (System.nanoTime() - start) / 1e9;
    allBusiest += busiest;
    allSent += sent;
    allReceived += received;
    Map<String, Double> costs = new LinkedHashMap<>();
    costs.put("executors", (double) busy.size());
    costs.put("bytes_sent", (double) sent);
    costs.put("bytes_received", (double) received);
    costs.put("computing_seconds", computing);
    costs.put("busiest_seconds", busiest);
    return costs;
  }

  /** All steps in a line. */
  String summary() {
    if (steps == 0) {
      return "cluster: no step";
    }
    return String.format(
        Locale.ROOT,
        "cluster: a step sent %.1f MB and received %.1f MB; of its %.2f s the busiest executor"
            + " computed %.2f s",
        allSent / steps / 1e6,
        allReceived / steps / 1e6,
        allSeconds / steps,
        allBusiest / steps);
  }
}
