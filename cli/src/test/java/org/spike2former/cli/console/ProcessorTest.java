package org.spike2former.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void theFirstProcessorCountsAndItsVectorFeatures() {
    Processor processor =
        Processor.of(
            List.of(
                "processor\t: 0",
                "model name\t: Some Processor @ 2.80GHz: A",
                "flags\t\t: fpu sse4_2 avx avx2 aes avx512f",
                "",
                "processor\t: 1",
                "model name\t: Another",
                "flags\t\t: fma"));
    assertThat(processor)
        .isEqualTo(
            new Processor(
                "Some Processor @ 2.80GHz: A", List.of("sse4_2", "avx", "avx2", "avx512f")))
        .hasToString("Some Processor @ 2.80GHz: A (sse4_2 avx avx2 avx512f)");
  }

  @Test
  void withoutANameItIsTheArchitecture() {
    String architecture = System.getProperty("os.arch");
    assertThat(Processor.of(List.of("Features\t: fp asimd sve")))
        .isEqualTo(new Processor(architecture, List.of("asimd", "sve")));
    assertThat(Processor.of(List.of())).hasToString(architecture);
  }
}
