package org.spike2former.snn.spikedriven;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Additions and multiplications of real numbers and integers, by kind; threads may count at once.
 */
public final class OperationCounts {
  private final Map<OperationKind, LongAdder> additions = adders();
  private final Map<OperationKind, LongAdder> multiplications = adders();

  /** Nothing is counted yet. */
  public OperationCounts() {}

  private static Map<OperationKind, LongAdder> adders() {
    Map<OperationKind, LongAdder> adders = new EnumMap<>(OperationKind.class);
    for (OperationKind kind : OperationKind.values()) {
      adders.put(kind, new LongAdder());
    }
    return adders;
  }

  /** What was counted so far; later counts do not change it. */
  public OperationCounts copy() {
    OperationCounts copy = new OperationCounts();
    for (OperationKind kind : OperationKind.values()) {
      copy.add(kind, additions(kind), multiplications(kind));
    }
    return copy;
  }

  /** Additions so far; subtractions are additions. */
  public long additions(OperationKind kind) {
    return additions.get(kind).sum();
  }

  /** Multiplications so far; divisions are multiplications, a fused multiply-add is one of each. */
  public long multiplications(OperationKind kind) {
    return multiplications.get(kind).sum();
  }

  /** What counts a kind's additions. */
  LongAdder adder(OperationKind kind) {
    return additions.get(kind);
  }

  void add(OperationKind kind, long added, long multiplied) {
    additions.get(kind).add(added);
    multiplications.get(kind).add(multiplied);
  }

  /** Starts from zero. */
  void reset() {
    additions.values().forEach(LongAdder::reset);
    multiplications.values().forEach(LongAdder::reset);
  }
}
