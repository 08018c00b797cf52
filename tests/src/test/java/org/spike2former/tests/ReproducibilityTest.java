package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spike2former.data.Images;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.DType;

/** The digests that docs/reproducibility.md gives for others to compare are what the code gives. */
class ReproducibilityTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `samples/(\\S+)` \\| (f32|f64) \\| `([0-9a-f]{64})` \\|");

  @Test
  void theDigestsOfThePage() throws IOException {
    Map<String, String> page = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(S2f.ROOT.resolve("docs/reproducibility.md")));
    while (row.find()) {
      page.put(row.group(1) + " " + row.group(2), row.group(3));
    }
    assertThat(page).isEqualTo(digests());
  }

  private static Map<String, String> digests() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (DType type : new DType[] {DType.F32, DType.F64}) {
      String precision = type.toString().toLowerCase(Locale.ROOT);
      SegmenterOptions options = new SegmenterOptions("auto", type, 2, false);
      try (Segmenter segmenter = Segmenter.load(S2f.ROOT.resolve("models/camvid"), options);
          Stream<Path> samples = Files.list(S2f.ROOT.resolve("samples"))) {
        for (Path photo : samples.filter(file -> file.toString().endsWith(".jpg")).toList()) {
          digests.put(
              photo.getFileName() + " " + precision,
              segmenter.segmentWithLogits(Images.read(photo)).digest());
        }
      }
    }
    return digests;
  }
}
