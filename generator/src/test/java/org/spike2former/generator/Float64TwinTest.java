package org.spike2former.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Float64TwinTest {
  private static String twin(String source) {
    return new Float64Twin()
        .of(Lexer.tokens(source)).stream().map(Token::text).collect(Collectors.joining());
  }

  private static String translated(String source) {
    return twin(source).replace("@SuppressWarnings(\"cast\")\n", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float x = (float) y; | double x = (double) y;",
        "Float.compare(a, b) | Double.compare(a, b)",
        "FloatVector.zero(SPECIES) | DoubleVector.zero(SPECIES)",
        "x.floats().length | x.doubles().length",
        "KernelsF32.BYTES_F32 | KernelsF64.BYTES_F64",
        "VectorWidth.F32 | VectorWidth.F64",
        "Math.floorMod(a, b) | Math.floorMod(a, b)",
      })
  void translatesNames(String source, String twin) {
    assertThat(translated(source)).isEqualTo(twin);
  }

  @ParameterizedTest
  @CsvSource({
    "0.5f, 0.5",
    "0f, 0.0",
    "1F, 1.0",
    ".5f, .5",
    "1.f, 1.",
    "1e-12f, 1e-12",
    "1_000f, 1_000.0",
    "0x1p-3f, 0x1p-3",
    "0xff, 0xff",
    "0x1F, 0x1F",
    "1.5, 1.5",
    "2d, 2d",
    "7, 7",
    "7L, 7L",
  })
  void translatesLiterals(String literal, String twin) {
    assertThat(translated(literal)).isEqualTo(twin);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{@link CpuOpsF32#resize(float[], int)} | {@link CpuOpsF64#resize(double[], int)}",
        "in float32, not double | in float64, not double",
        "floating point of float16 | floating point of float16",
        "summed in float64 | summed in float64",
        "FloatVector's JAVA_FLOAT | DoubleVector's JAVA_FLOAT",
      })
  void translatesWholeWordsOfComments(String comment, String twin) {
    assertThat(translated("/** " + comment + " */ class A {} // " + comment))
        .isEqualTo("/** " + twin + " */ class A {} // " + twin);
  }

  @ParameterizedTest
  @CsvSource({
    "Float.floatToIntBits(x)",
    "ValueLayout.JAVA_FLOAT",
    "Float16 x;",
    "F32Kernels x;",
    "\"in float32\"",
    "\"KernelsF32\"",
  })
  void refusesWhatItDoesNotKnow(String source) {
    assertThatExceptionOfType(BadSource.class)
        .isThrownBy(() -> twin("class A {\n" + source + "\n}"))
        .withMessageStartingWith("no twin is known of ")
        .returns(2, BadSource::line);
  }

  @Test
  void keepsLinesThatSaySo() {
    assertThat(
            translated(
                """
                float[] a = x.floats();
                float[] b = y.floats(); // float32 in both precisions
                float[] c = z.floats();
                """))
        .isEqualTo(
            """
            double[] a = x.doubles();
            float[] b = y.floats(); // float32 in both precisions
            double[] c = z.doubles();
            """);
  }

  /** A cast to the same type is a warning; so is a suppression that stands before the Javadoc. */
  @Test
  void allowsTheTwinsCasts() {
    assertThat(
            twin(
                """
                // A licence.
                package a.b;

                import static a.C.d;

                /** A class. */
                public final class AF32 {}
                """))
        .isEqualTo(
            """
            // A licence.
            package a.b;

            import static a.C.d;

            /** A class. */
            @SuppressWarnings("cast")
            public final class AF64 {}
            """);
    assertThatExceptionOfType(BadSource.class).isThrownBy(() -> twin("package a; // alone"));
  }
}
