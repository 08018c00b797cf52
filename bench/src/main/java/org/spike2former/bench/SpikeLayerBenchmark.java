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
import org.spike2former.tensor.layer.WeightLayer;

/** Weight layers on spikes, of the sizes in the ADE20K configuration at 512×512. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpikeLayerBenchmark {
  /** Where in the network, and the layer's size. */
  public enum Where {
    /** First convolution of the block at 1/2. */
    CONV3_HALF_EXPAND(LayerShape.dense(256, 32, 128, 3, 1)),
    /** Second convolution of the block at 1/2. */
    CONV3_HALF_REDUCE(LayerShape.dense(256, 128, 32, 3, 1)),
    /** First convolution of the block at 1/4. */
    CONV3_QUARTER_EXPAND(LayerShape.dense(128, 64, 256, 3, 1)),
    /** Second convolution of the block at 1/4. */
    CONV3_QUARTER_REDUCE(LayerShape.dense(128, 256, 64, 3, 1)),
    /** First convolution of the blocks at 1/8. */
    CONV3_EIGHTH_EXPAND(LayerShape.dense(64, 128, 512, 3, 1)),
    /** Second convolution of the blocks at 1/8. */
    CONV3_EIGHTH_REDUCE(LayerShape.dense(64, 512, 128, 3, 1)),
    /** Downsampling from 1/8 to 1/16. */
    CONV3_DOWNSAMPLE(LayerShape.dense(64, 128, 256, 3, 2)),
    /** SepConv's first layer at 1/2. */
    CONV1_HALF(LayerShape.dense(256, 32, 64, 1, 1)),
    /** The mask feature. */
    CONV1_MASK_FEATURE(LayerShape.dense(256, 256, 256, 1, 1)),
    /** Keys and values of the finest level that the decoder sees. */
    CONV1_MEMORY(LayerShape.dense(128, 256, 256, 1, 1)),
    /** First layer of the MLPs at 1/16. */
    CONV1_MLP_EXPAND(LayerShape.dense(32, 256, 1024, 1, 1)),
    /** Second layer of the MLPs at 1/16. */
    CONV1_MLP_REDUCE(LayerShape.dense(32, 1024, 256, 1, 1)),
    /** Queries: few rows. */
    CONV1_QUERIES(LayerShape.dense(10, 256, 256, 1, 1)),
    /** Depthwise 3×3 of the pixel decoder at 1/2. */
    DEPTHWISE3(LayerShape.depthwise(256, 256, 3, 1)),
    /** Depthwise 5×5 of the deformable encoder. */
    DEPTHWISE5(LayerShape.depthwise(32, 512, 5, 2)),
    /** Depthwise 7×7 of SepConv at 1/2. */
    DEPTHWISE7(LayerShape.depthwise(256, 64, 7, 3));

    private final LayerShape shape;

    Where(LayerShape shape) {
      this.shape = shape;
    }
  }

  /** Where in the network. */
  @Param public Where where;

  /** Share of spikes that are not zero. */
  @Param({"0.1", "0.3", "1.0"})
  public double density;

  private Tensor x;
  private WeightLayer layer;

  /** Makes the layer and its input. */
  @Setup(Level.Trial)
  public void prepare() {
    RandomTensors random = new RandomTensors(1);
    x = random.spikes(density, where.shape.input());
    layer = where.shape.layer(random, where.name());
  }

  /** One layer. */
  @Benchmark
  public Tensor layer(Compute compute, Rates rates) {
    where.shape.count(rates, x);
    return compute.reusing().layer(x, layer);
  }
}
