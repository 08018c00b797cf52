package org.spike2former.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.spike2former.tensor.Tensor;

/** Operations on maps of real numbers, of the sizes in the ADE20K configuration at 512×512. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MapOperationBenchmark {
  private static final int SIDE = 256;
  private static final int CHANNELS = 128;
  private static final int DECODER_CHANNELS = 256;
  private static final int QUERIES = 100;
  private static final int CLASSES = 150;
  private static final int IMAGE = 512;
  private static final int MAX_SPIKES = 4;

  private Tensor potential;
  private Tensor coarse;
  private Tensor scores;
  private Tensor masks;
  private Tensor logits;

  /** Makes the inputs. */
  @Setup(Level.Trial)
  public void prepare() {
    RandomTensors random = new RandomTensors(3);
    potential = random.normal(1, 1, SIDE, SIDE, CHANNELS);
    coarse = random.normal(1, 1, SIDE / 2, SIDE / 2, DECODER_CHANNELS);
    scores = random.normal(1, 1, QUERIES, CLASSES + 1);
    masks = random.normal(3, 1, SIDE, SIDE, QUERIES);
    logits = random.normal(1, 1, IMAGE, IMAGE, CLASSES);
  }

  /** The integer neuron. */
  @Benchmark
  public Tensor spikes(Compute compute, Rates rates) {
    rates.add(0, 5.0 * potential.size());
    return compute.reusing().spikes(potential, MAX_SPIKES, 1.0 / MAX_SPIKES);
  }

  /** The pixel decoder's last resize; three linear interpolations an output. */
  @Benchmark
  public Tensor resizeBilinear(Compute compute, Rates rates) {
    double outputs = (double) SIDE * SIDE * DECODER_CHANNELS;
    rates.add(6 * outputs, 4 * (coarse.size() + outputs));
    return compute.reusing().resizeBilinear(coarse, SIDE, SIDE);
  }

  /** Class scores and masks to logits; the sigmoids and the resize are not counted. */
  @Benchmark
  public Tensor semanticLogits(Compute compute, Rates rates) {
    double outputs = (double) IMAGE * IMAGE * CLASSES;
    rates.add(2 * outputs * QUERIES, 4 * (masks.size() + outputs));
    return compute.reusing().semanticLogits(scores, masks, IMAGE, IMAGE);
  }

  /** Logits to labels. */
  @Benchmark
  public Tensor labels(Compute compute, Rates rates) {
    rates.add(0, 4.0 * logits.size());
    return compute.reusing().labels(logits, IMAGE, IMAGE);
  }
}
