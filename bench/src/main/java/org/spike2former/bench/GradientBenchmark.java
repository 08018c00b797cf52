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
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Derivatives.AttentionGradient;
import org.spike2former.tensor.Derivatives.Firing;
import org.spike2former.tensor.Derivatives.Moments;
import org.spike2former.tensor.Derivatives.NormGradient;
import org.spike2former.tensor.Derivatives.SampleGradient;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/**
 * The backward pass of operations without weights, and BatchNorm's statistics, of the sizes in a
 * small network that trains on 4 crops of 160×224.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GradientBenchmark {
  private static final int MAPS = 4;
  private static final int CHANNELS = 64;
  private static final int HEIGHT = 80;
  private static final int WIDTH = 112;
  private static final int PIXELS = 10 * 14;
  private static final int HEADS = 8;
  private static final int GROUPS = 8;
  private static final int POINTS = 9;
  private static final double DENSITY = 0.3;
  private static final Firing FIRING = new Firing(4, 0.25);

  private Tensor map;
  private Tensor gradient;
  private BatchNorm norm;
  private Moments moments;
  private Tensor query;
  private Tensor value;
  private Tensor attended;
  private Tensor sampled;
  private Tensor offsets;
  private Tensor masks;

  /** Makes the inputs. */
  @Setup(Level.Trial)
  public void prepare(Compute compute) {
    RandomTensors random = new RandomTensors(4);
    map = random.normal(2, MAPS, HEIGHT, WIDTH, CHANNELS);
    gradient = random.normal(1, MAPS, HEIGHT, WIDTH, CHANNELS);
    norm = random.layer("l", Kind.DEPTHWISE, CHANNELS, CHANNELS, 1, 1, 0).norms().get(0);
    moments = compute.derivatives().moments(map);
    compute.derivatives().keep(moments.mean());
    compute.derivatives().keep(moments.variance());
    query = random.spikes(DENSITY, MAPS, PIXELS, 2 * CHANNELS);
    value = random.spikes(DENSITY, MAPS, PIXELS, 8 * CHANNELS);
    attended = random.normal(1, MAPS, PIXELS, 8 * CHANNELS);
    sampled = random.normal(1, MAPS, HEIGHT / 4, WIDTH / 4, CHANNELS);
    offsets = random.normal(1, MAPS, HEIGHT / 4, WIDTH / 4, GROUPS * POINTS * 2);
    masks = random.spikes(DENSITY, MAPS, HEIGHT / 4, WIDTH / 4, GROUPS * POINTS);
  }

  /** Mean and variance of a batch. */
  @Benchmark
  public Moments moments(Compute compute, Rates rates) {
    rates.add(3.0 * map.size(), 8.0 * map.size());
    return compute.derivatives().moments(map);
  }

  /** BatchNorm's backward pass after a neuron's; reads two maps twice and writes one. */
  @Benchmark
  public NormGradient norm(Compute compute, Rates rates) {
    rates.add(0, 20.0 * map.size());
    Derivatives derivatives = compute.derivatives();
    NormGradient result =
        derivatives.normalise(gradient, map, moments, norm, FIRING, true, true, false);
    derivatives.release(result.input());
    return result;
  }

  /** A neuron's backward. */
  @Benchmark
  public Tensor spikes(Compute compute, Rates rates) {
    rates.add(0, 12.0 * map.size());
    Derivatives derivatives = compute.derivatives();
    Tensor result = derivatives.spikes(gradient, map, FIRING, false);
    derivatives.release(result);
    return result;
  }

  /** Attention among the pixels at 1/16: five products of a head's channels. */
  @Benchmark
  public AttentionGradient attention(Compute compute, Rates rates) {
    double perHead = 2.0 * CHANNELS / HEADS;
    rates.add(2 * 5 * MAPS * PIXELS * perHead * 8 * CHANNELS, 0);
    return compute.derivatives().attention(attended, query, query, value, HEADS, 1);
  }

  /** Deformable sampling: a multiply-add for each corner's sum and one for what it receives. */
  @Benchmark
  public SampleGradient deformSample(Compute compute, Rates rates) {
    rates.add(2.0 * 2 * 4 * POINTS * sampled.size(), 0);
    return compute.derivatives().deformSample(sampled, sampled, offsets, masks, GROUPS);
  }

  /** A resize to twice the size. */
  @Benchmark
  public Tensor resizeBilinear(Compute compute, Rates rates) {
    rates.add(8.0 * map.size(), 4 * 1.25 * map.size());
    Derivatives derivatives = compute.derivatives();
    Tensor result = derivatives.resizeBilinear(gradient, MAPS, HEIGHT / 2, WIDTH / 2, CHANNELS);
    derivatives.release(result);
    return result;
  }
}
