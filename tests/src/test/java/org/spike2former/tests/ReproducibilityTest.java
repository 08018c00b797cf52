package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.model.Keep;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.Precision;

/** The digests that docs/reproducibility.md gives for others to compare are what the code gives. */
class ReproducibilityTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `samples/(\\S+)` \\| (f32|f64) \\| `([0-9a-f]{64})` \\|");

  private static Map<String, String> page() throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    Matcher row = ROW.matcher(Files.readString(S2f.ROOT.resolve("docs/reproducibility.md")));
    while (row.find()) {
      digests.put(row.group(1) + " " + row.group(2), row.group(3));
    }
    return digests;
  }

  @Test
  void thePageHasEverySampleInBothPrecisions() throws IOException {
    assertThat(page().keySet())
        .containsExactly(
            "dusk.jpg f32",
            "shops.jpg f32",
            "street.jpg f32",
            "dusk.jpg f64",
            "shops.jpg f64",
            "street.jpg f64");
    assertThat(page().values()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"F32", "F64"})
  void theDigestsAreThoseOfThePage(Precision precision) throws IOException {
    SegmenterOptions options = SegmenterOptions.builder().precision(precision).threads(2).build();
    try (Segmenter segmenter = Segmenter.load(S2f.ROOT.resolve("models/camvid"), options)) {
      String digest =
          segmenter
              .segment(ImageFiles.read(S2f.ROOT.resolve("samples/street.jpg")), Keep.LOGITS)
              .digest();
      assertThat(page())
          .containsEntry("street.jpg " + precision.name().toLowerCase(Locale.ROOT), digest);
    }
  }
}
