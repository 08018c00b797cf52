package org.spike2former.tensor.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.spike2former.tensor.cpu.kernels.Exp;

/** {@link Exp} in lanes: the same operations in the same order, so the same bits. */
public final class VectorExp {
  private static final int ROUND_BITS_F32 = Float.floatToRawIntBits(Exp.ROUND_F32);
  private static final long ROUND_BITS_F64 = Double.doubleToRawLongBits(Exp.ROUND_F64);

  private VectorExp() {}

  /** {@code exp(x)} for x clamped to −87…88. */
  public static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.min(Exp.MAX_F32).max(Exp.MIN_F32);
    FloatVector round = FloatVector.broadcast(VectorWidth.F32, Exp.ROUND_F32);
    FloatVector rounded = clamped.fma(FloatVector.broadcast(VectorWidth.F32, Exp.LOG2E_F32), round);
    FloatVector n = rounded.sub(round);
    FloatVector r =
        n.fma(
            FloatVector.broadcast(VectorWidth.F32, -Exp.LN2_LO_F32),
            n.fma(FloatVector.broadcast(VectorWidth.F32, -Exp.LN2_HI_F32), clamped));
    FloatVector sum = FloatVector.broadcast(VectorWidth.F32, Exp.TAYLOR_F32[0]);
    for (int i = 1; i < Exp.TAYLOR_F32.length; i++) {
      sum = sum.fma(r, FloatVector.broadcast(VectorWidth.F32, Exp.TAYLOR_F32[i]));
    }
    // The low bits of rounded are n; in the place of an exponent they make 2ⁿ.
    FloatVector power =
        rounded
            .reinterpretAsInts()
            .sub(ROUND_BITS_F32 - 127)
            .lanewise(VectorOperators.LSHL, 23)
            .reinterpretAsFloats();
    return sum.mul(power);
  }

  /** {@code exp(x)} for x clamped to −708…709. */
  public static DoubleVector exp(DoubleVector x) {
    DoubleVector clamped = x.min(Exp.MAX_F64).max(Exp.MIN_F64);
    DoubleVector round = DoubleVector.broadcast(VectorWidth.F64, Exp.ROUND_F64);
    DoubleVector rounded =
        clamped.fma(DoubleVector.broadcast(VectorWidth.F64, Exp.LOG2E_F64), round);
    DoubleVector n = rounded.sub(round);
    DoubleVector r =
        n.fma(
            DoubleVector.broadcast(VectorWidth.F64, -Exp.LN2_LO_F64),
            n.fma(DoubleVector.broadcast(VectorWidth.F64, -Exp.LN2_HI_F64), clamped));
    DoubleVector sum = DoubleVector.broadcast(VectorWidth.F64, Exp.TAYLOR_F64[0]);
    for (int i = 1; i < Exp.TAYLOR_F64.length; i++) {
      sum = sum.fma(r, DoubleVector.broadcast(VectorWidth.F64, Exp.TAYLOR_F64[i]));
    }
    // The low bits of rounded are n; in the place of an exponent they make 2ⁿ.
    DoubleVector power =
        rounded
            .reinterpretAsLongs()
            .sub(ROUND_BITS_F64 - 1023)
            .lanewise(VectorOperators.LSHL, 52)
            .reinterpretAsDoubles();
    return sum.mul(power);
  }
}
