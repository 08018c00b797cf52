package org.spike2former.bench;

import java.util.List;
import java.util.SplittableRandom;
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
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.model.panoptic.Instance;
import org.spike2former.model.panoptic.MaskFrame;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.panoptic.PostProcessing;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * Segments and instances from class scores and masks of the ADE20K configuration at 512×512: 100
 * queries, 150 classes, 100 of them things. Masks are discs, as those of a network that has
 * learned.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PostProcessingBenchmark {
  private static final int SIDE = 256;
  private static final int QUERIES = 100;
  private static final int CLASSES = 150;
  private static final int THINGS = 100;

  /** Threads that share the rows. */
  @Param("1")
  public int threads;

  /** Queries that are sure of a class; the others are of "no object". */
  @Param({"20", "100"})
  public int sure;

  /** Height and width of the result; other than 512, masks are resized twice. */
  @Param({"512", "683"})
  public int side;

  private Tensor scores;
  private Tensor masks;
  private Workers workers;
  private PostProcessing processing;
  private MaskFrame frame;

  /** Makes the inputs. */
  @Setup(Level.Trial)
  public void prepare() {
    SplittableRandom random = new SplittableRandom(5);
    scores = new RandomTensors(5).normal(1, 1, QUERIES, CLASSES + 1);
    masks = Tensor.zeros(scores.dtype(), 1, SIDE, SIDE, QUERIES);
    for (int q = 0; q < QUERIES; q++) {
      int k = q < sure ? random.nextInt(CLASSES) : CLASSES;
      scores.floats()[q * (CLASSES + 1) + k] = 10;
      int centreX = random.nextInt(SIDE);
      int centreY = random.nextInt(SIDE);
      int radius = random.nextInt(10, 80);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double distance = Math.hypot(x - centreX, y - centreY);
          masks.floats()[(y * SIDE + x) * QUERIES + q] = (float) ((radius - distance) / 2);
        }
      }
    }
    workers = new Workers(threads);
    processing = new PostProcessing(THINGS, PanopticOptions.DEFAULT, workers);
    frame = new MaskFrame(2 * SIDE, 2 * SIDE, 2 * SIDE, 2 * SIDE, side, side);
  }

  /** Stops the threads. */
  @TearDown(Level.Trial)
  public void stop() {
    workers.close();
  }

  /** Segments. */
  @Benchmark
  public PanopticMap panoptic() {
    return processing.panoptic(scores, masks, frame);
  }

  /** Instances of the 100 greatest class scores. */
  @Benchmark
  public List<Instance> instances() {
    return processing.instances(scores, masks, frame);
  }
}
