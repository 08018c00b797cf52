package org.spike2former.tensor.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import org.spike2former.tensor.cpu.kernels.Exp;
import org.spike2former.tensor.cpu.kernels.Log;

/** {@link Log} in lanes: the same operations in the same order, so the same bits. */
public final class VectorLog {
  private VectorLog() {}

  /** {@code ln x} of positive normal numbers. */
  public static FloatVector log(FloatVector x) {
    IntVector above = x.reinterpretAsInts().sub(Log.HALF_ROOT_F32);
    FloatVector exponent =
        (FloatVector)
            above
                .lanewise(VectorOperators.ASHR, 23)
                .convertShape(VectorOperators.I2F, VectorWidth.F32, 0);
    FloatVector m = above.and(0x7fffff).add(Log.HALF_ROOT_F32).reinterpretAsFloats();
    FloatVector s = m.sub(1).div(m.add(1));
    FloatVector z = s.mul(s);
    FloatVector sum = FloatVector.broadcast(VectorWidth.F32, Log.ARTANH_F32[Log.SHORT_F32]);
    for (int n = Log.SHORT_F32 - 1; n > 0; n--) {
      sum = sum.fma(z, FloatVector.broadcast(VectorWidth.F32, Log.ARTANH_F32[n]));
    }
    FloatVector twice = s.mul(2);
    FloatVector tail =
        exponent.fma(FloatVector.broadcast(VectorWidth.F32, Exp.LN2_LO_F32), twice.mul(z).mul(sum));
    return exponent.fma(FloatVector.broadcast(VectorWidth.F32, Exp.LN2_HI_F32), twice.add(tail));
  }

  /** {@code ln x} of positive normal numbers. */
  public static DoubleVector log(DoubleVector x) {
    LongVector above = x.reinterpretAsLongs().sub(Log.HALF_ROOT_F64);
    DoubleVector exponent =
        (DoubleVector)
            above
                .lanewise(VectorOperators.ASHR, 52)
                .convertShape(VectorOperators.L2D, VectorWidth.F64, 0);
    DoubleVector m = above.and(0xfffffffffffffL).add(Log.HALF_ROOT_F64).reinterpretAsDoubles();
    DoubleVector s = m.sub(1).div(m.add(1));
    DoubleVector z = s.mul(s);
    DoubleVector sum = DoubleVector.broadcast(VectorWidth.F64, Log.ARTANH_F64[Log.SHORT_F64]);
    for (int n = Log.SHORT_F64 - 1; n > 0; n--) {
      sum = sum.fma(z, DoubleVector.broadcast(VectorWidth.F64, Log.ARTANH_F64[n]));
    }
    DoubleVector twice = s.mul(2);
    DoubleVector tail =
        exponent.fma(
            DoubleVector.broadcast(VectorWidth.F64, Exp.LN2_LO_F64), twice.mul(z).mul(sum));
    return exponent.fma(DoubleVector.broadcast(VectorWidth.F64, Exp.LN2_HI_F64), twice.add(tail));
  }

  /** {@code ln(1 + x)} for 0 ≤ x ≤ 1. */
  public static FloatVector log1p(FloatVector x) {
    FloatVector s = x.div(x.add(2));
    FloatVector z = s.mul(s);
    FloatVector sum = FloatVector.broadcast(VectorWidth.F32, Log.ARTANH_F32[Log.LONG_F32]);
    for (int n = Log.LONG_F32 - 1; n >= 0; n--) {
      sum = sum.fma(z, FloatVector.broadcast(VectorWidth.F32, Log.ARTANH_F32[n]));
    }
    return s.mul(2).mul(sum);
  }

  /** {@code ln(1 + x)} for 0 ≤ x ≤ 1. */
  public static DoubleVector log1p(DoubleVector x) {
    DoubleVector s = x.div(x.add(2));
    DoubleVector z = s.mul(s);
    DoubleVector sum = DoubleVector.broadcast(VectorWidth.F64, Log.ARTANH_F64[Log.LONG_F64]);
    for (int n = Log.LONG_F64 - 1; n >= 0; n--) {
      sum = sum.fma(z, DoubleVector.broadcast(VectorWidth.F64, Log.ARTANH_F64[n]));
    }
    return s.mul(2).mul(sum);
  }
}
