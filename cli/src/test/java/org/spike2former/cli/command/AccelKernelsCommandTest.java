package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

/** Kernels for FPGAs, which need nothing installed. */
class AccelKernelsCommandTest {
  @TempDir private Path folder;

  @Test
  void theBundledModelsLayersShareKernels() throws IOException {
    Path out = folder.resolve("out");
    Run run = InProcess.run("accel", "kernels", "--fpga", "-o", out);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("47 kernels of 140 layers;")
        .contains(" ms, one after the other");

    List<String> layers = Files.readAllLines(out.resolve("layers.csv"));
    assertThat(layers).hasSize(1 + 140).startsWith("layer,kernel");
    Map<String, Long> used =
        layers.stream()
            .skip(1)
            .map(line -> line.split(",")[1])
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    List<String> estimates = Files.readAllLines(out.resolve("estimate.csv"));
    assertThat(estimates).hasSize(1 + 47);
    assertThat(estimates.stream().skip(1))
        .allSatisfy(
            line -> {
              String[] cells = line.split(",");
              assertThat(used.get(cells[0])).isEqualTo(Long.parseLong(cells[1]));
              assertThat(out.resolve(cells[0] + ".cl")).isRegularFile();
            });
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> !n.endsWith(".cl")))
          .containsExactlyInAnyOrder("layers.csv", "estimate.csv", "README.md", "s2f.h");
    }
  }
}
