package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/** Tensors that are read again after their archive was closed. */
class StoredTensorTest {
  private static final float[] NUMBERS = {1, -0f, Float.MIN_VALUE, 4, 5, 6e5f};

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("weights.safetensors");
    write(NUMBERS, 3);
  }

  private void write(float[] numbers, int rows) throws IOException {
    Map<String, Tensor> tensors =
        Map.of(
            "a", Tensor.zeros(Tensor.of(NUMBERS, 6).dtype(), 2), "b", Tensor.of(numbers, rows, 2));
    Safetensors.write(file, tensors, Map.of());
  }

  private static Supplier<Tensor> reader(Path file, String name) throws IOException {
    try (TensorArchive archive = TensorFiles.open(file)) {
      return archive.reader(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f16", "bf16", "i8", "u8", "i16", "i64", "scalar", "empty", "f32"})
  void everyTypeIsReadAsBefore(String name) throws IOException {
    Path types = TestFiles.resource("types.safetensors");
    Supplier<Tensor> reader = reader(types, name);
    try (TensorArchive archive = TensorFiles.open(types)) {
      assertThat(reader.get().bitEquals(archive.read(name))).isTrue();
      assertThat(reader.get().bitEquals(archive.read(name))).isTrue();
    }
  }

  @Test
  void aCopyWithTheSameNumbersWillDo() throws IOException {
    Supplier<Tensor> reader = reader(file, "b");
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Files.write(file, bytes);
    assertThat(reader.get().bitEquals(Tensor.of(NUMBERS, 3, 2))).isTrue();
  }

  private void assertRefused(Supplier<Tensor> reader, String why) {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(reader::get)
        .withMessage(file + ": is needed again for b, but " + why + "; load the model again");
  }

  /** Another number, another sign of zero, fewer numbers, and the same ones at another place. */
  @Test
  void otherBytesAreRefused() throws IOException {
    Supplier<Tensor> reader = reader(file, "b");
    for (int i = 0; i < 2; i++) {
      float[] other = NUMBERS.clone();
      other[i] = i;
      write(other, 3);
      assertRefused(reader, "has changed since the model was loaded");
    }
    write(new float[] {1, -0f}, 1);
    assertRefused(reader, "has changed since the model was loaded");
    Safetensors.write(file, Map.of("b", Tensor.of(NUMBERS, 3, 2)), Map.of("longer", "header"));
    assertRefused(reader, "has changed since the model was loaded");
    write(NUMBERS, 3);
    assertThat(reader.get().bitEquals(Tensor.of(NUMBERS, 3, 2))).isTrue();
  }

  @Test
  void aFileThatIsGoneIsRefused() throws IOException {
    Supplier<Tensor> reader = reader(file, "b");
    Files.delete(file);
    assertRefused(reader, "cannot be read any more since the model was loaded");
  }

  @Test
  void whatHasNoFileIsNotReadAgain() throws IOException {
    try (Safetensors archive = Safetensors.of(file, Files.readAllBytes(file))) {
      assertThat(archive.reader("b")).isNull();
    }
  }

  @Test
  void aParameterReadsWhatItReleased() throws IOException {
    Parameter parameter = new Parameter("b", true, 3, 2);
    Tensor value = Tensor.of(NUMBERS, 3, 2);
    parameter.set(value);
    parameter.release();
    assertThat(parameter.value()).isSameAs(value);
    parameter.set(value, reader(file, "b"));
    assertThat(parameter.value()).isSameAs(value);
    parameter.release();
    assertThat(parameter.isSet()).isTrue();
    assertThat(parameter.value()).isNotSameAs(value);
    assertThat(parameter.value().bitEquals(value)).isTrue();
    Tensor other = Tensor.of(new float[6], 3, 2);
    parameter.set(other);
    parameter.release();
    assertThat(parameter.value()).isSameAs(other);
  }
}
