package org.spike2former.accel.tornado.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever a division is off by, up to 3 units in the last place, the quotient is Java's. */
class QuotientTest {
  private static final int MANTISSA = 23;
  private static final MethodHandle CORRECT = correct();

  /** With {@code Math.fma}, as on a device. */
  private static MethodHandle correct() {
    try {
      Class<?> quotient = JavaKernels.load("Quotient");
      MethodType type = MethodType.methodType(float.class, float.class, float.class);
      type = type.appendParameterTypes(float.class, float.class);
      return MethodHandles.privateLookupIn(quotient, MethodHandles.lookup())
          .findStatic(quotient, "correct", type);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static float off(float x, int units) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) + units);
  }

  private static boolean isRight(float a, float b, int quotientOff, int inverseOff)
      throws Throwable {
    float quotient = off(a / b, quotientOff);
    return (float) CORRECT.invokeExact(a, b, quotient, off(1 / b, inverseOff)) == a / b;
  }

  /** Of the sigmoid, where only the mantissa matters: the greatest are the hard ones. */
  @Test
  void reciprocals() throws Throwable {
    long wrong = 0;
    for (int exponent : new int[] {0, 1, 98}) {
      for (int mantissa = 0; mantissa < 1 << MANTISSA; mantissa++) {
        int units = mantissa % 7 - 3;
        float b = Float.intBitsToFloat(exponent + 127 << MANTISSA | mantissa);
        wrong += isRight(1, b, units, units) ? 0 : 1;
        wrong += mantissa < (1 << MANTISSA) - 1000 || allRight(b) ? 0 : 1;
      }
    }
    assertThat(wrong).isZero();
  }

  private static boolean allRight(float b) throws Throwable {
    boolean right = true;
    for (int units = -3; units <= 3; units++) {
      right &= isRight(1, b, units, 0) && isRight(1, b, units, -units) && isRight(-1, b, units, 3);
    }
    return right;
  }

  /** Of softmax and mean. */
  @Test
  void quotients() throws Throwable {
    SplittableRandom random = new SplittableRandom(3);
    long wrong = 0;
    for (int i = 0; i < 5_000_000; i++) {
      int mantissa = random.nextInt(1 << MANTISSA);
      float b = Float.intBitsToFloat(127 + i % 12 << MANTISSA | mantissa);
      b = i % 3 == 0 ? (int) b : b;
      float a =
          Float.intBitsToFloat(
              45 + random.nextInt(180) << MANTISSA | random.nextInt(1 << MANTISSA));
      wrong += isRight(a, b, random.nextInt(7) - 3, random.nextInt(7) - 3) ? 0 : 1;
    }
    assertThat(wrong).isZero();
  }

  /** Where a remainder would not be exact, the device's quotient is taken. */
  @Test
  void smallOnesAreTheDevices() throws Throwable {
    float small = 0x1p-110f;
    assertThat((float) CORRECT.invokeExact(small, 3f, 5 * small, 1 / 3f)).isEqualTo(5 * small);
    assertThat((float) CORRECT.invokeExact(0f, 3f, 0f, 1 / 3f)).isZero();
  }
}
