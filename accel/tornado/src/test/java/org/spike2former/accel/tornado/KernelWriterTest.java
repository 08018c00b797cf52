package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenCL of layers with 8-bit weights for a described FPGA, read as text. */
class KernelWriterTest {
  private static final Pattern LOOP = Pattern.compile("for\\(;\\w+ < (\\w+);\\)");
  private static final Pattern DIMENSION = Pattern.compile("get_global_id\\((\\d)\\)");
  private static final Pattern FLOAT = Pattern.compile("\\bf_\\d+|float|\\bfma\\b");
  private static final String READS_BYTES = "=  *((__global char *)";

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    Path log = folder.resolve("log");
    int code = WriteKernels.run(folder, log);
    assertThat(code).as(Files.readString(log)).isZero();
  }

  private static List<Path> kernels() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".cl")).sorted().toList();
    }
  }

  @Test
  void everyKindOfLayerAndOutputHasAFile() throws IOException {
    assertThat(kernels())
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "int8_dense_floats.cl",
            "int8_dense_residual.cl",
            "int8_dense_spikes.cl",
            "int8_depthwise_floats.cl",
            "int8_depthwise_residual.cl",
            "int8_depthwise_spikes.cl",
            "int8_linear_floats.cl",
            "int8_linear_residual.cl",
            "int8_linear_spikes.cl");
    for (Path file : kernels()) {
      assertThat(Files.readString(file)).as(file.toString()).containsOnlyOnce("__kernel void");
    }
  }

  @Test
  void loopsAreCountedAndOfAtMostThreeDimensions() throws IOException {
    for (Path file : kernels()) {
      String source = Files.readString(file);
      List<String> bounds = LOOP.matcher(source).results().map(loop -> loop.group(1)).toList();
      assertThat(bounds).as(file.toString()).isNotEmpty().allMatch(b -> b.matches("\\d+"));
      assertThat(source.split("for\\(", -1)).as(file.toString()).hasSize(bounds.size() + 1);
      assertThat(DIMENSION.matcher(source).results().toList())
          .as(file.toString())
          .isNotEmpty()
          .allMatch(dimension -> Integer.parseInt(dimension.group(1)) < 3);
    }
  }

  @Test
  void whatReadsSpikesHasNoFloats() throws IOException {
    for (Path file : kernels()) {
      List<String> loops =
          innermost(Files.readString(file)).stream().filter(l -> l.contains(READS_BYTES)).toList();
      assertThat(loops).as(file.toString()).isNotEmpty();
      assertThat(loops).as(file.toString()).noneMatch(loop -> FLOAT.matcher(loop).find());
    }
  }

  /** Bodies of loops that have no loop inside. */
  private static List<String> innermost(String source) {
    List<String> bodies = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < source.length(); i++) {
      if (source.charAt(i) == '{') {
        open.push(i);
      } else if (source.charAt(i) == '}') {
        int from = open.pop();
        String body = source.substring(from, i);
        boolean isLoop = source.substring(0, from).stripTrailing().endsWith(";)");
        if (isLoop && !LOOP.matcher(body).find()) {
          bodies.add(body);
        }
      }
    }
    return bodies;
  }
}
