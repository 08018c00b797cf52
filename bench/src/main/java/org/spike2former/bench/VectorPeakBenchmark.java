package org.spike2former.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The machine's own limits, for one thread ({@code -t 2} for two): fused multiply-adds from
 * registers, and reading memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VectorPeakBenchmark {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int STEPS = 100_000;
  private static final int CHAINS = 12;
  private static final int FLOATS = 1 << 26;

  private final float[] memory = filled();
  private final float[] factor = filledFactor();

  private static float[] filled() {
    float[] memory = new float[FLOATS];
    Arrays.fill(memory, 1);
    return memory;
  }

  private static float[] filledFactor() {
    float[] factor = new float[SPECIES.length()];
    Arrays.fill(factor, 0.5f);
    return factor;
  }

  /** Twelve independent chains hide the latency of the multiply-add. */
  @Benchmark
  public float fma(Rates rates) {
    rates.add(2.0 * STEPS * CHAINS * SPECIES.length(), 0);
    FloatVector m = FloatVector.fromArray(SPECIES, factor, 0);
    FloatVector a = m;
    FloatVector b = m;
    FloatVector c = m;
    FloatVector d = m;
    FloatVector e = m;
    FloatVector f = m;
    FloatVector g = m;
    FloatVector h = m;
    FloatVector i = m;
    FloatVector j = m;
    FloatVector k = m;
    FloatVector l = m;
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(m, m);
      b = b.fma(m, m);
      c = c.fma(m, m);
      d = d.fma(m, m);
      e = e.fma(m, m);
      f = f.fma(m, m);
      g = g.fma(m, m);
      h = h.fma(m, m);
      i = i.fma(m, m);
      j = j.fma(m, m);
      k = k.fma(m, m);
      l = l.fma(m, m);
    }
    FloatVector left = a.add(b).add(c).add(d).add(e).add(f);
    return left.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
  }

  /** Sums 256 MB. */
  @Benchmark
  public float read(Rates rates) {
    rates.add(0, 4.0 * FLOATS);
    int step = SPECIES.length();
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < FLOATS; i += 4 * step) {
      a = a.add(FloatVector.fromArray(SPECIES, memory, i));
      b = b.add(FloatVector.fromArray(SPECIES, memory, i + step));
      c = c.add(FloatVector.fromArray(SPECIES, memory, i + 2 * step));
      d = d.add(FloatVector.fromArray(SPECIES, memory, i + 3 * step));
    }
    return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
  }
}
