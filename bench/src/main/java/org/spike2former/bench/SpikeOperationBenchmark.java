package org.spike2former.bench;

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
import org.openjdk.jmh.annotations.Warmup;
import org.spike2former.tensor.Tensor;

/** Operations on spikes without weights, of the sizes in the ADE20K configuration at 512×512. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpikeOperationBenchmark {
  private static final int CHANNELS = 256;
  private static final int HEADS = 8;
  private static final int PIXELS = 32 * 32;
  private static final int QUERIES = 100;
  private static final int MEMORY = 128 * 128;
  private static final int MASK_SIDE = 256;
  private static final int GROUPS = 32;
  private static final int POINTS = 9;
  private static final int CORNERS = 4;

  /** Share of spikes that are not zero. */
  @Param({"0.1", "0.3", "1.0"})
  public double density;

  private Tensor pixels;
  private Tensor queries;
  private Tensor memory;
  private Tensor values;
  private Tensor offsets;
  private Tensor masks;
  private Tensor maskFeature;

  /** Makes the inputs. */
  @Setup(Level.Trial)
  public void prepare() {
    RandomTensors random = new RandomTensors(2);
    pixels = random.spikes(density, 1, PIXELS, CHANNELS);
    queries = random.spikes(density, 1, QUERIES, CHANNELS);
    memory = random.spikes(density, 1, MEMORY, CHANNELS);
    values = random.normal(1, 1, 32, 32, CHANNELS);
    offsets = random.normal(1, 1, 32, 32, GROUPS * POINTS * 2);
    masks = random.spikes(density, 1, 32, 32, GROUPS * POINTS);
    maskFeature = random.normal(1, 1, MASK_SIDE * MASK_SIDE, CHANNELS);
  }

  /** Attention among the pixels at 1/16; counted as q·(kᵀ·v). */
  @Benchmark
  public Tensor backboneAttention(Compute compute, Rates rates) {
    countAttention(rates, PIXELS, PIXELS);
    return compute.reusing().attention(pixels, pixels, pixels, HEADS, 1);
  }

  /** Attention of the queries to the pixels at 1/4; counted as q·(kᵀ·v). */
  @Benchmark
  public Tensor queryAttention(Compute compute, Rates rates) {
    countAttention(rates, QUERIES, MEMORY);
    return compute.reusing().attention(queries, memory, memory, HEADS, 1);
  }

  private static void countAttention(Rates rates, double to, double from) {
    double perHead = (double) CHANNELS / HEADS;
    rates.add(2 * CHANNELS * perHead * (to + from), CHANNELS * (2 * from + 5 * to));
  }

  /** Deformable sampling; a multiply-add for each corner and one for each point's weight. */
  @Benchmark
  public Tensor deformSample(Compute compute, Rates rates) {
    double bytes = 4.0 * (2 * values.size() + offsets.size()) + masks.size();
    rates.add(2.0 * values.size() * POINTS * CORNERS, bytes);
    return compute.reusing().deformSample(values, offsets, masks, GROUPS);
  }

  /** Masks: queries times the mask feature. */
  @Benchmark
  public Tensor product(Compute compute, Rates rates) {
    double side = MASK_SIDE * (double) MASK_SIDE;
    rates.add(2 * side * QUERIES * CHANNELS, 4 * side * (CHANNELS + QUERIES) + queries.size());
    return compute.reusing().product(maskFeature, queries);
  }
}
