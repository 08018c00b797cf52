package org.spike2former.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.Gradients;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.autograd.TapeOptions;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/**
 * The network's part of a training step, without loss and optimiser: all query states of the
 * bundled model on four random images of 160×224, forward and backward.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
public class TrainingStepBenchmark {
  /** Kernels. */
  @Param("vector")
  public String backend;

  /** Threads that share an operation. */
  @Param("2")
  public int threads;

  /** Whether outputs of weight layers are kept for backward. */
  @Param({"true", "false"})
  public boolean keep;

  private final Random random = new Random(1);
  private Network network;
  private Workers workers;
  private TapeOps ops;
  private Tensor images;
  private List<Tensor> upstream;

  /** Reads the model. */
  @Setup(Level.Trial)
  public void load() throws IOException {
    network = ModelFolder.load(Path.of("models", "camvid-small"), false);
    workers = new Workers(threads);
    ops =
        Backends.createForTraining(Backend.of(backend), Precision.F32, workers)
            .with(TapeOptions.DEFAULT.withKeptBytes(keep ? Long.MAX_VALUE : 0));
    images = normal(1, 4, 160, 224, 3);
    List<Tensor> outputs = network.trainingOutputs(ops, images);
    upstream =
        List.of(normal(1e-1f, outputs.get(0).shape()), normal(1e-4f, outputs.get(1).shape()));
  }

  /** Stops the threads. */
  @TearDown(Level.Trial)
  public void stop() {
    workers.close();
  }

  private Tensor normal(float deviation, int... shape) {
    float[] x = new float[Shape.size(shape)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian() * deviation;
    }
    return Tensor.of(x, shape);
  }

  /** Forward and backward. */
  @Benchmark
  public Gradients step() {
    ops.beginRun(false);
    return ops.backward(network.trainingOutputs(ops, images), upstream);
  }
}
