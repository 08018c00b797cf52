package org.spike2former.bench;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/** The operations under test. */
@State(Scope.Benchmark)
public class Compute {
  /** Kernels. */
  @Param({"scalar", "vector"})
  public String backend;

  /** Threads that share an operation. */
  @Param("1")
  public int threads;

  private Workers workers;
  private Ops ops;
  private Derivatives derivatives;

  /** Starts the threads. */
  @Setup(Level.Trial)
  public void start() {
    workers = new Workers(threads);
    ops = Backends.create(Backend.of(backend), Precision.F32, workers);
    derivatives = Backends.createDerivatives(Backend.of(backend), Precision.F32, workers);
  }

  /** Stops them. */
  @TearDown(Level.Trial)
  public void stop() {
    workers.close();
  }

  /** The operations. */
  Ops ops() {
    return ops;
  }

  /** The derivatives. */
  Derivatives derivatives() {
    return derivatives;
  }

  /** The operations, of which each call is a run of its own that reuses the storage of the last. */
  Ops reusing() {
    ops.endRun(true);
    ops.beginRun(true);
    return ops;
  }
}
