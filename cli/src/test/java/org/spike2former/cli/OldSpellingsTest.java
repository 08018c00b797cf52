package org.spike2former.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OldSpellingsTest {
  @Test
  void anOldNameBecomesTodays() {
    assertThat(OldSpellings.replace("-v", "eval", "m", "--out", "o", "--mode", "whole"))
        .containsExactly("-v", "eval", "m", "--output", "o", "--mode", "whole");
    assertThat(OldSpellings.replace("segment", "a.jpg", "--mode=spikes"))
        .containsExactly("segment", "a.jpg", "--arithmetic=spikes");
    assertThat(OldSpellings.replace("data", "show", "c.yaml", "--out=x.png"))
        .containsExactly("data", "show", "c.yaml", "--output=x.png");
  }

  @Test
  void otherCommandsAndFilesKeepTheirWords() {
    assertThat(OldSpellings.replace("dump", "--out", "o")).containsExactly("dump", "--out", "o");
    assertThat(OldSpellings.replace("segment", "--", "--mode"))
        .containsExactly("segment", "--", "--mode");
    assertThat(OldSpellings.replace("--help")).containsExactly("--help");
    assertThat(OldSpellings.replace()).isEmpty();
  }
}
