package org.spike2former.tensor.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.cpu.vector.VectorExp;
import org.spike2former.tensor.cpu.vector.VectorWidth;

class ExpTest {
  private static final float[] SPECIAL_F32 = {
    0f,
    -0f,
    1f,
    -87f,
    -87.1f,
    88f,
    88.1f,
    1e30f,
    -1e30f,
    Float.MIN_VALUE,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY
  };

  @Test
  void float32IsWithinItsErrorBound() {
    double worst = 0;
    for (double x = -87; x <= 88; x += 0x1.9p-10) {
      double exact = StrictMath.exp((float) x);
      worst = Math.max(worst, Math.abs(Exp.exp((float) x) - exact) / exact);
    }
    assertThat(worst).isLessThan(1e-7);
  }

  @Test
  void float64IsWithinItsErrorBound() {
    double worst = 0;
    for (double x = -708; x <= 709; x += 0x1.23456789p-8) {
      double exact = StrictMath.exp(x);
      worst = Math.max(worst, Math.abs(Exp.exp(x) - exact) / exact);
    }
    assertThat(worst).isLessThan(1e-15);
  }

  @Property
  void lanesAreTheScalarFunction(@ForAll float x, @ForAll double y) {
    requireLanes(x);
    requireLanes(x % 90);
    requireLanes(y);
    requireLanes(y % 710);
  }

  @Test
  void lanesAreTheScalarFunctionForSpecialNumbers() {
    for (float x : SPECIAL_F32) {
      requireLanes(x);
      requireLanes((double) x);
      requireLanes(x * 8.0);
    }
  }

  private static void requireLanes(float x) {
    float found = VectorExp.exp(FloatVector.broadcast(VectorWidth.F32, x)).lane(0);
    assertThat(Float.floatToIntBits(found)).isEqualTo(Float.floatToIntBits(Exp.exp(x)));
  }

  private static void requireLanes(double x) {
    double found = VectorExp.exp(DoubleVector.broadcast(VectorWidth.F64, x)).lane(0);
    assertThat(Double.doubleToLongBits(found)).isEqualTo(Double.doubleToLongBits(Exp.exp(x)));
  }
}
