package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.resource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Tensor;

class NpyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f2", "f4", "f8", "i1", "u1", "i2", "i4", "i8", "b1", "scalar", "empty", "fortran"
      })
  void readsWhatNumpyWrote(String name) throws IOException {
    Npy array = Npy.read(resource(name + ".npy"));
    try (Safetensors same = Safetensors.open(resource("arrays.safetensors"))) {
      assertThat(array.type()).isEqualTo(same.type(name));
      assertThat(array.shape()).isEqualTo(same.shape(name));
      assertThat(array.tensor().bitEquals(same.read(name))).isTrue();
      if (array.type().bytes() == 1) {
        assertThat(array.bytes()).isEqualTo(same.readBytes(name));
      }
    }
  }

  @Test
  void readsVersion2() throws IOException {
    Tensor expected = Npy.read(resource("f4.npy")).tensor();
    assertThat(Npy.read(resource("version2.npy")).tensor().bitEquals(expected)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"f4", "f8", "scalar", "empty"})
  void writesTheBytesOfNumpy(String name) throws IOException {
    Path original = resource(name + ".npy");
    Path written = folder.resolve("written.npy");
    Npy.write(written, Npy.read(original).tensor());
    assertThat(written).hasSameBinaryContentAs(original);
  }

  @Test
  void writesSpikesAsUnsignedBytes() throws IOException {
    Npy original = Npy.read(resource("u1.npy"));
    Path written = folder.resolve("written.npy");
    Npy.write(written, Tensor.spikes(original.bytes(), 0.25, original.shape()));
    assertThat(written).hasSameBinaryContentAs(resource("u1.npy"));
  }

  @ParameterizedTest
  @CsvSource({"big_endian,'>f4'", "complex,'<c8'", "object,'|O'"})
  void refusesOtherTypes(String name, String descr) {
    Path file = resource(name + ".npy");
    assertRefused(file, "has elements of type '" + descr, () -> Npy.read(file));
  }

  @Test
  void refusesStructuresAndOtherFiles() throws IOException {
    Path structured = resource("structured.npy");
    assertRefused(structured, "not a dictionary of a simple descr", () -> Npy.read(structured));
    Path other = resource("types.pth");
    assertRefused(other, "found a zip archive", () -> Npy.read(other));
    assertThatThrownBy(() -> Npy.read(resource("f4.npy")).bytes())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("F32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}|holds 8 bytes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}|not a tuple",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}|not one of an array",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2,)}|not one of an array",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536)}|too many",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}|not one of an array",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}|not a dictionary",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}|not a dictionary",
        "{'descr': '<f4', 'fortran_order': False}|not a dictionary",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}|descr twice",
        "{'descr': '', 'fortran_order': False, 'shape': (2,)}|elements of type ''",
        "'descr': '<f4', 'fortran_order': False, 'shape': (2,)}|not a dictionary",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1|not a dictionary",
        "{|not a dictionary",
      })
  void refusesAHeader(String header, String saying) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[10 + text.length + 8];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
    System.arraycopy(start, 0, bytes, 0, start.length);
    System.arraycopy(text, 0, bytes, start.length, text.length);
    Path file = Files.write(folder.resolve("hand.npy"), bytes);
    assertRefused(file, saying, () -> Npy.read(file));
  }
}
