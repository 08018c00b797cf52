package org.spike2former.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.cli.option.Sweep.Variant;

class SweepTest {
  @Test
  void severalKeysGiveEveryCombination() {
    assertThat(Sweep.variants(List.of("optimizer.lr=1e-3,0.5", "data=camvid,{base: ade20k}")))
        .containsExactly(
            new Variant(
                "optimizer.lr=0.001,data=camvid", List.of("optimizer.lr=0.001", "data=\"camvid\"")),
            new Variant(
                "optimizer.lr=0.001,data=-base-ade20k-",
                List.of("optimizer.lr=0.001", "data={\"base\":\"ade20k\"}")),
            new Variant(
                "optimizer.lr=0.5,data=camvid", List.of("optimizer.lr=0.5", "data=\"camvid\"")),
            new Variant(
                "optimizer.lr=0.5,data=-base-ade20k-",
                List.of("optimizer.lr=0.5", "data={\"base\":\"ade20k\"}")));
  }

  @Test
  void listsAreValuesToo() {
    assertThat(Sweep.variants(List.of("optimizer.betas=[0.9, 0.99],[0.8, 0.9]")))
        .extracting(Variant::name)
        .containsExactly("optimizer.betas=[0.9,0.99]", "optimizer.betas=[0.8,0.9]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          train.batch      => --sweep train.batch: expected key=value,value…
          train.batch=     => --sweep train.batch=: expected at least one value
          train.batch=1,1  => --sweep: two runs would have the folder train.batch=1
          output=a,b       => --sweep output=a,b: each run gets a folder of its own below output
          train.batch=[1   => --sweep train.batch=[1: not YAML
          """)
  void whatGivesNoRunsIsRefused(String sweep, String message) {
    assertThatThrownBy(() -> Sweep.variants(List.of(sweep)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
    assertThatThrownBy(() -> Sweep.variants(List.of("a=1", "a=2")))
        .hasMessage("--sweep a=2: the key is there twice");
  }
}
