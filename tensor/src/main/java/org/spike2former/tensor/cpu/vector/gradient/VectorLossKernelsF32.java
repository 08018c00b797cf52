package org.spike2former.tensor.cpu.vector.gradient;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.kernels.LossKernelsF32;
import org.spike2former.tensor.cpu.kernels.ScalarLossKernelsF32;
import org.spike2former.tensor.cpu.vector.VectorExp;
import org.spike2former.tensor.cpu.vector.VectorLog;
import org.spike2former.tensor.cpu.vector.VectorWidth;

/** {@link LossKernelsF32} by the Vector API; the elements that fill no vector are scalar. */
public final class VectorLossKernelsF32 implements LossKernelsF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final float ALPHA = ScalarLossKernelsF32.ALPHA;
  private static final float EPSILON = ScalarLossKernelsF32.EPSILON;

  @Override
  public void focal(
      float[] logits,
      float[] signs,
      int count,
      float[] focal,
      float[] probability,
      float[] gradient,
      float[] slope,
      int base) {
    int bound = SPECIES.loopBound(count);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector outside = FloatVector.broadcast(SPECIES, 1 - ALPHA);
    for (int x = 0; x < bound; x += SPECIES.length()) {
      FloatVector sign = FloatVector.fromArray(SPECIES, signs, x);
      VectorMask<Float> inside = sign.lt(0);
      FloatVector y = sign.mul(FloatVector.fromArray(SPECIES, logits, x));
      FloatVector e = VectorExp.exp(y.abs().neg());
      FloatVector large = one.div(e.add(1));
      FloatVector small = e.mul(large);
      VectorMask<Float> positive = y.compare(VectorOperators.GE, 0);
      FloatVector p = small.blend(large, positive);
      FloatVector other = large.blend(small, positive);
      FloatVector softplus = VectorLog.log1p(e).add(y.max(0));
      FloatVector weight = outside.blend(ALPHA, inside).mul(p).mul(p);
      weight.mul(softplus).intoArray(focal, x);
      sign.mul(weight).mul(p.add(softplus.mul(2).mul(other))).intoArray(gradient, base + x);
      large.mul(small).intoArray(slope, base + x);
      p.blend(other, inside).intoArray(probability, x);
    }
    ScalarLossKernelsF32.focal(
        logits, signs, bound, count, focal, probability, gradient, slope, base);
  }

  @Override
  public void matching(
      float[] logits, int base, float[] sigmoid, float[] negative, float[] positive) {
    int bound = SPECIES.loopBound(sigmoid.length);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    for (int i = 0; i < bound; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, logits, base + i);
      FloatVector e = VectorExp.exp(x.abs().neg());
      FloatVector p = e.blend(one, x.compare(VectorOperators.GE, 0)).div(e.add(1));
      FloatVector other = one.sub(p);
      p.intoArray(sigmoid, i);
      FloatVector logOther = VectorLog.log(other.add(EPSILON));
      logOther.mul(ALPHA - 1).mul(p.mul(p)).intoArray(negative, i);
      FloatVector logP = VectorLog.log(p.add(EPSILON));
      logP.mul(-ALPHA).mul(other.mul(other)).intoArray(positive, i);
    }
    ScalarLossKernelsF32.matching(logits, base, bound, sigmoid, negative, positive);
  }
}
