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

/** Weight layers on real numbers, of the sizes in the ADE20K configuration at 512×512. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RealLayerBenchmark {
  /** Where in the network, and the layer's size. */
  public enum Where {
    /** The first convolution, 7×7 with stride 2 on the image. */
    STEM(LayerShape.dense(512, 3, 32, 7, 2)),
    /** SepConv's last layer at 1/2, after the depthwise one. */
    CONV1_HALF(LayerShape.dense(256, 64, 32, 1, 1)),
    /** RepConv's second 1×1 layer at 1/16. */
    CONV1_REPCONV(LayerShape.dense(32, 256, 256, 1, 1)),
    /** RepConv's depthwise layer on its padded map. */
    DEPTHWISE3_REPCONV(LayerShape.depthwise(34, 256, 3, 0));

    private final LayerShape shape;

    Where(LayerShape shape) {
      this.shape = shape;
    }
  }

  /** Where in the network. */
  @Param public Where where;

  private Tensor x;
  private WeightLayer layer;

  /** Makes the layer and its input. */
  @Setup(Level.Trial)
  public void prepare() {
    RandomTensors random = new RandomTensors(1);
    x = random.normal(1, where.shape.input());
    layer = where.shape.layer(random, where.name());
  }

  /** One layer. */
  @Benchmark
  public Tensor layer(Compute compute, Rates rates) {
    where.shape.count(rates, x);
    return compute.reusing().layer(x, layer);
  }
}
