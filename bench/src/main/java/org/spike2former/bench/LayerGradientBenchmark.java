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
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Gradients of weight layers' weights, of the sizes in a small network that trains on 4 crops of
 * 160×224; square maps of about as many pixels as the 4 have.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerGradientBenchmark {
  /** Where in the network, and the layer's size. */
  public enum Where {
    /** First convolution of the block at 1/2. */
    CONV3_HALF_EXPAND(LayerShape.dense(190, 16, 64, 3, 1)),
    /** Second convolution of the block at 1/2. */
    CONV3_HALF_REDUCE(LayerShape.dense(190, 64, 16, 3, 1)),
    /** First convolution of a block at 1/4 with 64 channels. */
    CONV3_QUARTER_EXPAND(LayerShape.dense(95, 64, 256, 3, 1)),
    /** Downsampling from 1/4 to 1/8. */
    CONV3_DOWNSAMPLE(LayerShape.dense(95, 64, 128, 3, 2)),
    /** SepConv's first layer at 1/2. */
    CONV1_HALF(LayerShape.dense(190, 32, 64, 1, 1)),
    /** First layer of the MLPs at 1/16. */
    CONV1_MLP_EXPAND(LayerShape.dense(24, 128, 512, 1, 1)),
    /** Second layer of the MLPs at 1/16. */
    CONV1_MLP_REDUCE(LayerShape.dense(24, 512, 128, 1, 1)),
    /** Depthwise 3×3 of the pixel decoder. */
    DEPTHWISE3(LayerShape.depthwise(95, 64, 3, 1)),
    /** Depthwise 5×5 of the deformable encoder. */
    DEPTHWISE5(LayerShape.depthwise(24, 128, 5, 2)),
    /** Depthwise 7×7 of SepConv at 1/2. */
    DEPTHWISE7(LayerShape.depthwise(190, 32, 7, 3));

    private final LayerShape shape;

    Where(LayerShape shape) {
      this.shape = shape;
    }
  }

  /** Where in the network. */
  @Param public Where where;

  /** Share of the input's spikes that are not zero; {@code real} for an input of real numbers. */
  @Param({"0.1", "0.3", "real"})
  public String density;

  private Tensor x;
  private Tensor gradient;
  private WeightLayer layer;

  /** Makes the layer, its input and the gradient of its output. */
  @Setup(Level.Trial)
  public void prepare() {
    RandomTensors random = new RandomTensors(1);
    int[] input = where.shape.input();
    x =
        "real".equals(density)
            ? random.normal(1, input)
            : random.spikes(Double.parseDouble(density), input);
    layer = where.shape.layer(random, where.name());
    int height = layer.outExtent(input[1], layer.kernelHeight());
    int width = layer.outExtent(input[2], layer.kernelWidth());
    gradient = random.normal(1, input[0], height, width, layer.outChannels());
  }

  /** The weights' gradient. */
  @Benchmark
  public Tensor weight(Compute compute, Rates rates) {
    where.shape.count(rates, x);
    Derivatives derivatives = compute.derivatives();
    Tensor result = derivatives.linearWeight(gradient, x, layer);
    derivatives.release(result);
    return result;
  }
}
