package org.spike2former.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * The whole network, from the normalised image to the label map. Models and images are those that
 * {@code bench/compare/prepare.py} puts into the folder named by the system property {@value
 * #CACHE}; without it there is the bundled model alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
public class NetworkBenchmark {
  /** System property with the folder of prepared models. */
  public static final String CACHE = "s2f.bench.cache";

  private static final String BUNDLED = "camvid-small";

  /** A prepared model. */
  @Param({BUNDLED, "ade20k-sdtv2-15m"})
  public String model;

  private Workload workload;

  /** Reads model and image. */
  @Setup(Level.Trial)
  public void load() throws IOException {
    String cache = System.getProperty(CACHE);
    if (cache == null && model.equals(BUNDLED)) {
      workload = Workload.load(Path.of("models", BUNDLED), Path.of("samples", "dusk.jpg"));
      return;
    }
    if (cache == null || !Files.isDirectory(Path.of(cache, model))) {
      throw new IOException(
          "no prepared model: run bench/compare/prepare.py CACHE "
              + model
              + " and give Java -D"
              + CACHE
              + "=CACHE");
    }
    Path folder = Path.of(cache, model);
    workload = Workload.load(folder, folder.resolve("input.png"));
  }

  /** One image. */
  @Benchmark
  public Tensor labels(Compute compute) {
    return workload.labels(compute.ops());
  }
}
