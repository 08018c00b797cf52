package org.spike2former.data.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.spike2former.data.TestFiles;

/** 4096 colours either way, from OpenCV. */
class Hsv8Test {
  private static final int BYTES = 3 * 4096;

  @Test
  void bytesAreThoseOfOpenCv() throws IOException {
    try (InputStream in = Files.newInputStream(TestFiles.of("hsv.bin"))) {
      byte[] rgb = in.readNBytes(BYTES);
      assertThat(Hsv8.fromRgb(rgb)).isEqualTo(in.readNBytes(BYTES));
      byte[] hsv = in.readNBytes(BYTES);
      byte[] expected = in.readNBytes(BYTES);
      assertThat(Hsv8.toRgb(hsv)).isEqualTo(expected);
      assertThat(expected).hasSize(BYTES);
    }
  }
}
