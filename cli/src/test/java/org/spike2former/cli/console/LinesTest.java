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
}
