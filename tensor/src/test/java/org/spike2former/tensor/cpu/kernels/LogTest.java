package org.spike2former.tensor.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTest {
  @Test
  void logIsWithinItsErrorBound() {
    double worst32 = 0;
    double worst64 = 0;
    for (double x = 1e-12; x < 1e12; x *= 1.00037) {
      worst32 = Math.max(worst32, error(Log.log((float) x), StrictMath.log((float) x)));
      worst64 = Math.max(worst64, error(Log.log(x), StrictMath.log(x)));
    }
    for (double x = 0.9; x < 1.1; x += 0x1.1p-15) {
      worst32 = Math.max(worst32, error(Log.log((float) x), StrictMath.log((float) x)));
      worst64 = Math.max(worst64, error(Log.log(x), StrictMath.log(x)));
    }
    assertThat(worst32).isLessThan(3e-7);
    assertThat(worst64).isLessThan(1e-15);
    assertThat(Log.log(1f)).isZero();
    assertThat(Log.log(1.0)).isZero();
  }

  @Test
  void log1pIsWithinItsErrorBound() {
    double worst32 = 0;
    double worst64 = 0;
    for (double x = 1e-30; x <= 1; x *= 1.0007) {
      worst32 = Math.max(worst32, error(Log.log1p((float) x), StrictMath.log1p((float) x)));
      worst64 = Math.max(worst64, error(Log.log1p(x), StrictMath.log1p(x)));
    }
    assertThat(Math.max(worst32, error(Log.log1p(1f), StrictMath.log(2)))).isLessThan(3e-7);
    assertThat(Math.max(worst64, error(Log.log1p(1.0), StrictMath.log(2)))).isLessThan(1e-15);
    assertThat(Log.log1p(0f)).isZero();
  }

  private static double error(double found, double exact) {
    return exact == 0 ? Math.abs(found) : Math.abs(found - exact) / Math.abs(exact);
  }
}
