package org.spike2former.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void theFirstThatFitsIsTaken() {
    assertThat(Lines.fitting(6, "too long", "fits", "x")).isEqualTo("fits");
    assertThat(Lines.fitting(2, "too long", "longer")).isEqualTo("longer");
  }

  @Test
  void itemsAreWrapped() {
    assertThat(Lines.wrapped(12, "  ", List.of("IoU", "sky 1", "tree 2", "road 3")))
        .containsExactly("  IoU  sky 1", "  tree 2", "  road 3");
    assertThat(Lines.wrapped(12, "  ", List.of())).isEmpty();
    assertThat(Lines.clock(3723.4)).isEqualTo("1:02:03");
  }

  @Test
  void numbersHaveALeadingZeroAndNoExponentWhereTheyAreShort() {
    assertThat(Lines.number(3e-4)).isEqualTo("0.0003");
    assertThat(Lines.number(4)).isEqualTo("4");
    assertThat(Lines.number(1000)).isEqualTo("1000");
    assertThat(Lines.number(0)).isEqualTo("0");
    assertThat(Lines.number(2.5e-9)).isEqualTo("2.50e-09");
  }
}
