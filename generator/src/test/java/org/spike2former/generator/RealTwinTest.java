package org.spike2former.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RealTwinTest {
  private static String twin(String source) {
    return new RealTwin()
        .of(Lexer.tokens(source)).stream().map(Token::text).collect(Collectors.joining());
  }

  @Test
  void theInputHoldsRealNumbers() {
    assertThat(
            twin(
                """
                /** Sums of spikes, see {@link ASpikeKernels#spikes}. Spikes stay. */
                final class ASpikeKernels {
                  static void spikes(ByteArray x, ByteArray out) {
                    run(ASpikeKernels::spikes, arrays.bytes( layer.x() ), arrays.bytes(layer.output()));
                  }
                }
                """))
        .isEqualTo(
            """
            /** Sums of real numbers, see {@link ARealKernels#spikes}. Spikes stay. */
            final class ARealKernels {
              static void spikes(FloatArray x, ByteArray out) {
                run(ARealKernels::spikes, arrays.floats( layer.x() ), arrays.bytes(layer.output()));
              }
            }
            """);
  }

  @Test
  void refusesASourceThatReadsItsInputInAnotherWay() {
    assertThatExceptionOfType(BadSource.class)
        .isThrownBy(() -> twin("class ASpikeKernels { void a(ByteArray x) {} }"))
        .withMessage("it has no arrays.bytes(layer.x())");
  }
}
