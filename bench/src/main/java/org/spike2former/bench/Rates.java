package org.spike2former.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Work of a benchmark, which JMH prints as rates next to the operations per second. {@code gflops}
 * counts two for each multiply-add of a dense computation, zero spikes included. {@code gbytes}
 * counts what must cross memory once: inputs, weights and outputs.
 */
@AuxCounters
@State(Scope.Thread)
public class Rates {
  /** Arithmetic in 1e9 dense-equivalent floating-point operations. */
  public double gflops;

  /** Traffic in 1e9 bytes. */
  public double gbytes;

  /** Adds the work of one operation. */
  void add(double flops, double bytes) {
    gflops += flops / 1e9;
    gbytes += bytes / 1e9;
  }
}
