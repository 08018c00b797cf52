package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.model.Keep;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.layer.WeightType;
import org.spike2former.tests.S2f.Run;

/** {@code s2f segment} as a process: the working directory, and the width of vectors. */
class SegmentProcessTest {
  private static final Path STREET = S2f.ROOT.resolve("samples/street.jpg");
  private static final Pattern DIGEST = Pattern.compile("  digest ([0-9a-f]{64})");

  @TempDir private Path folder;

  @Test
  void resultsGoToTheWorkingDirectory() throws IOException, InterruptedException {
    Files.copy(STREET, folder.resolve("a.jpg"));
    Run run = S2f.run(folder, "segment", "a.jpg", "none.jpg");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).containsExactly("s2f: none.jpg: no such file");
    assertThat(run.out()).contains("a.jpg  240×180", "road", "car");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.jpg", "a-labels.png", "a-overlay.png");
    }
  }

  /** The kernels of a process have one width, so each is one process. */
  @ParameterizedTest
  @ValueSource(
      strings = {"--vector-bits 128 --threads 7", "--vector-bits 256", "--vector-bits 512"})
  void theDigestDoesNotDependOnTheWidth(String options) throws Exception {
    assertThat(digest(options)).isEqualTo(expected(WeightType.FLOAT));
  }

  @Test
  void norDoesThatOfInt8Weights() throws Exception {
    assertThat(digest("--vector-bits 128 --weights int8")).isEqualTo(expected(WeightType.INT8));
  }

  private String digest(String options) throws IOException, InterruptedException {
    Stream<Object> command = Stream.of("segment", STREET, "--digest");
    Stream<Object> all = Stream.concat(command, List.of(options.split(" ")).stream());
    Run run = S2f.run(folder, all.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.errorLines()).isEmpty();
    Matcher matcher = DIGEST.matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return matcher.group(1);
  }

  /** At the machine's own width. */
  private static String expected(WeightType weights) throws IOException {
    SegmenterOptions options = SegmenterOptions.builder().weights(weights).threads(2).build();
    try (Segmenter segmenter = Segmenter.load(S2f.ROOT.resolve("models/camvid"), options)) {
      return segmenter.segment(ImageFiles.read(STREET), Keep.LOGITS).digest();
    }
  }
}
