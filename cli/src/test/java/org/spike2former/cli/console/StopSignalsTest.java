package org.spike2former.cli.console;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StopSignalsTest {
  private static final String PROPERTY = "s2f.max-stop-seconds";

  /** At once, and not when a signal comes. */
  @Test
  void aLimitThatIsNoneIsRefused() {
    System.setProperty(PROPERTY, "soon");
    try {
      assertThatThrownBy(() -> new StopSignals(() -> {}, "this step", "a checkpoint of it").close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("-Ds2f.max-stop-seconds=soon: expected a positive integer");
    } finally {
      System.clearProperty(PROPERTY);
    }
  }
}
