package org.spike2former.snn.spikedriven;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class FixedPointTest {
  /** The greatest sums there can be, whatever their order, have no rounding error. */
  @Property(tries = 300)
  void sumsAreExact(
      @ForAll @IntRange(min = 1, max = 127) int maxSpikes,
      @ForAll @IntRange(min = 1, max = 300) int terms,
      @ForAll @DoubleRange(min = -300, max = 300) double exponent,
      @ForAll boolean signed,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] x = new double[terms];
    double magnitudes = 0;
    FixedPoint numbers = new FixedPoint();
    for (int i = 0; i < terms; i++) {
      double unit = signed ? random.nextGaussian() : Math.abs(random.nextGaussian());
      x[i] = Math.scalb(unit, (int) exponent);
      magnitudes += Math.abs(x[i]);
      numbers.include(x[i]);
    }
    double anchor = numbers.anchor(maxSpikes);
    double sum = 0;
    BigDecimal exact = BigDecimal.ZERO;
    for (double number : x) {
      double rounded = FixedPoint.round(number, anchor);
      assertThat(Math.abs(rounded - number)).isLessThanOrEqualTo(Math.ulp(anchor) / 2);
      for (int k = 0; k < maxSpikes; k++) {
        sum += rounded;
      }
      exact = exact.add(new BigDecimal(rounded).multiply(BigDecimal.valueOf(maxSpikes)));
    }
    assertThat(new BigDecimal(sum)).isEqualByComparingTo(exact);
    assertThat(Math.ulp(anchor)).isLessThanOrEqualTo(magnitudes * maxSpikes * 0x1p-48);
  }
}
