package org.spike2former.data.image;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignFormatTest {
  @TempDir private Path folder;

  /** The first bytes of files as other programs write them. */
  @ParameterizedTest
  @CsvSource({
    "AVIF, 0000002066747970617669660000000061766966",
    "HEIC, 00000018667479706865696300000000",
    "HEIF or AVIF, 0000001c667479706d69663100000000",
    "JPEG 2000, 0000000c6a5020200d0a870a00000014",
    "JPEG 2000, ff4fff51002f0000000000f0",
    "JPEG XL, 0000000c4a584c200d0a870a",
    "PPM, 50360a323430203138300a3235350a",
    "PGM, 50350a323430203138300a3235350a",
    "OpenEXR, 762f310102000000",
    "Radiance HDR, 233f52414449414e43450a",
  })
  void theReasonIsTheFormat(String name, String bytes) throws IOException {
    Path file = Files.write(folder.resolve("photo.jpg"), HexFormat.of().parseHex(bytes));
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isExactlyInstanceOf(UnknownFormatException.class)
        .hasMessage(file + ": is " + name + ", which is not read; convert it to PNG or JPEG");
  }
}
