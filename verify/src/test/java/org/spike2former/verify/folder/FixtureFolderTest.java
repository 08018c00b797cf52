package org.spike2former.verify.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tensor.io.FormatException;

class FixtureFolderTest {
  @TempDir private Path folder;

  private ThrowingCallable opening() {
    return () -> FixtureFolder.open(folder).close();
  }

  private void assertRefused(String message) {
    assertThatThrownBy(opening()).isInstanceOf(FormatException.class).hasMessage(message);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    assertRefused(folder + ": the folder has no model.json");
    SyntheticFolder.write(folder, _ -> {});

    Files.delete(folder.resolve("weights.safetensors"));
    assertRefused(folder + ": the folder has neither weights.safetensors nor weights.pth");
    FixtureFolder.open(folder, folder.resolve("elsewhere.safetensors")).close();

    Files.createFile(folder.resolve("weights.pth"));
    Path io = folder.resolve("io_f64.safetensors");
    SyntheticFolder.rewrite(io, tensors -> tensors.remove("input"));
    assertRefused(io + ": has no tensor input");

    Files.delete(io);
    assertRefused(folder + ": the folder has neither io_f64.safetensors nor io_f32.safetensors");
  }

  @Test
  void refusesAnInputThatIsNoImage() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Path io = folder.resolve("io_f64.safetensors");
    SyntheticFolder.rewrite(
        io, tensors -> tensors.compute("input", (_, x) -> x.reshape(3, 21, 37, 3)));

    assertRefused(io + ": input: expected shape [B, 3, H, W], found [3, 21, 37, 3]");
  }

  @Test
  void refusesAFileInPlaceOfAFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("x"));
    assertThatThrownBy(() -> FixtureFolder.open(file).close())
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": expected a folder of recordings");
  }

  @Test
  void prefersSafetensorsAndKeepsTheCheckpointForComparison() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Path pth = Files.createFile(folder.resolve("weights.pth"));
    try (FixtureFolder fixture = FixtureFolder.open(folder)) {
      assertThat(fixture.weights()).isEqualTo(folder.resolve("weights.safetensors"));
      assertThat(fixture.otherWeights()).contains(pth);
    }
    Files.delete(folder.resolve("weights.safetensors"));
    try (FixtureFolder fixture = FixtureFolder.open(folder)) {
      assertThat(fixture.weights()).isEqualTo(pth);
      assertThat(fixture.otherWeights()).isEmpty();
    }
  }
}
