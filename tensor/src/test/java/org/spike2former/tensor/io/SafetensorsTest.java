package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.resource;
import static org.spike2former.tensor.io.TestFiles.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Tensor;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void readsEveryElementType() throws IOException {
    try (Safetensors file = Safetensors.open(resource("types.safetensors"))) {
      assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
      float infinity = Float.POSITIVE_INFINITY;
      assertThat(file.read("f16").floats())
          .containsExactly(0f, -0f, 1.5f, 65504f, 0x1p-24f, infinity, -infinity);
      assertThat(file.read("bf16").floats())
          .containsExactly(0f, -1f, 3.140625f, 0x1.c4p127f, 0x1p-133f, infinity);
      assertThat(file.read("i8").floats()).containsExactly(-128, -1, 0, 127);
      assertThat(file.read("u8").floats()).containsExactly(0, 1, 128, 255);
      assertThat(file.readBytes("u8")).containsExactly(0, 1, 128, 255);
      assertThat(file.read("i16").floats()).containsExactly(-32768, 0, 32767);
      assertThat(file.read("i32").doubles()).containsExactly(-0x1p31, 0, 0x1p31 - 1);
      assertThat(file.read("i64").doubles()).containsExactly(-0x1p53, 0, 0x1p53);
      assertThat(file.read("bool").floats()).containsExactly(1, 0, 1);
      assertThat(file.readBytes("bool")).containsExactly(1, 0, 1);
      assertThat(file.read("scalar").floats()).containsExactly(2.5f);
      assertThat(file.shape("scalar")).isEmpty();
      assertThat(file.read("count").doubles()).containsExactly(7);
      assertThat(file.shape("empty")).containsExactly(0, 3);
      assertThat(file.read("empty").size()).isZero();
      assertThat(file.type("bf16")).isEqualTo(ElementType.BF16);
      assertThat(file.shape("f32")).containsExactly(2, 3, 4);
    }
  }

  @Test
  void writesTheBytesOfTheReferenceImplementation() throws IOException {
    Path reference = resource("written.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("k", Tensor.spikes(new byte[] {0, 1, 4, 127}, 0.25, 4));
    tensors.put("b", Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3));
    tensors.put("a", Tensor.of(new float[0], 0, 5));
    tensors.put("a \"quoted\" é", Tensor.of(new double[] {-1.25}));
    Path written = folder.resolve("written.safetensors");
    Safetensors.write(written, tensors, Map.of("made", "by\nhand"));
    assertThat(written).hasSameBinaryContentAs(reference);
  }

  @Test
  void replacesAFileAndLeavesNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("w.safetensors"), "old");
    Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of());
    try (Safetensors written = Safetensors.open(file);
        Stream<Path> files = Files.list(folder)) {
      assertThat(written.names()).containsExactly("a");
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("w.safetensors"), "old");
    Map<String, Tensor> reserved = Map.of("__metadata__", Tensor.of(new float[] {1}, 1));
    assertThatThrownBy(() -> Safetensors.write(file, reserved, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("__metadata__");
    assertThat(file).hasContent("old");
    assertRefused(folder, "folder", () -> Safetensors.write(folder, Map.of(), Map.of()));
    Path nowhere = folder.resolve("none/w.safetensors");
    assertRefused(
        nowhere, "folder does not exist", () -> Safetensors.write(nowhere, Map.of(), Map.of()));
  }

  @Test
  void namesTheFileAndTheTensorThatIsAskedFor() throws IOException {
    try (Safetensors file = Safetensors.open(resource("types.safetensors"))) {
      assertThatThrownBy(() -> file.read("weight"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(file.path() + ": has no tensor weight");
      assertThatThrownBy(() -> file.readBytes("f32"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tensor f32 is F32");
    }
  }

  @Test
  void ordersNamesByTheirData() throws IOException {
    Path file =
        safetensors(
            folder,
            "{'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]},".replace('\'', '"')
                + "'a':{'dtype':'I8','shape':[],'data_offsets':[0,1]}}   ".replace('\'', '"'),
            3);
    try (Safetensors archive = Safetensors.open(file)) {
      assertThat(archive.names()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|ends at byte 4",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}}|ends at byte 8",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|need 4 bytes, the file has 8",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|begins at byte 4",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}|need 12 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|begins at byte 8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}|begins at byte -8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}|two data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9223372036854775807]}}|ends at byte 9",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,92233720368547758080]}}|not JSON",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}|a fraction",
        "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}|a string",
        "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}|expected an array",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|extent -2",
        "{'a':{'dtype':'F32','shape':[4294967298],'data_offsets':[0,8]}}|extent 4294967298",
        "{'a':{'dtype':'F32','shape':[65536,65536,65536,65536,2],'data_offsets':[0,8]}}|too many",
        "{'a':{'dtype':'F32','shape':[2147483647,2147483647,0],'data_offsets':[0,0]}}|too many",
        "{'a':{'dtype':'F64','shape':[2147483000],'data_offsets':[0,8]}}|need it to end at 171798",
        "{'a':{'dtype':'OTHER','shape':[8],'data_offsets':[0,8]}}|tensor a has dtype OTHER",
        "{'a':{'dtype':'F8_E4M3','shape':[9],'data_offsets':[0,8]}}|need it to end at 9",
        "{'a':{'dtype':'F4','shape':[8],'data_offsets':[0,8]}}|need it to end at 4",
        "{'a':{'dtype':7,'shape':[2],'data_offsets':[0,8]}}|dtype is an integer",
        "{'a':{'shape':[2],'data_offsets':[0,8]}}|needs a dtype",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1}}|unknown property more",
        "{'a':{'dtype':'F32','shape':[2],'shape':[2],'data_offsets':[0,8]}}|Duplicate",
        "{'a':[],'b':{}}|tensor a is an array",
        "{'__metadata__':[1]}|__metadata__ is an array",
        "{'__metadata__':{'a':1}}|__metadata__.a is an integer",
        "{'__metadata__':{'a':'b','a':'c'}}|Duplicate",
        "{}|need 0 bytes, the file has 8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {}|something follows",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}|not JSON",
        "{'a'|not JSON",
        "[]|does not begin with {",
      })
  void refusesAHeader(String header, String saying) throws IOException {
    Path file = safetensors(folder, header.replace('\'', '"'), 8);
    assertRefused(file, saying, () -> Safetensors.open(file).close());
  }

  @Test
  void refusesOverlapsAndHoles() throws IOException {
    String tensor = "\"%s\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[%d,%d]}";
    for (int begin : new int[] {0, 3, 5}) {
      String header =
          "{" + tensor.formatted("a", 0, 4) + "," + tensor.formatted("b", begin, begin + 4) + "}";
      Path file = safetensors(folder, header, begin + 4);
      assertRefused(file, "expected 4", () -> Safetensors.open(file).close());
    }
  }

  @Test
  void refusesTheSameNameTwice() throws IOException {
    String tensor = "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    Path file = safetensors(folder, "{" + tensor + "," + tensor + "}", 0);
    assertRefused(file, "Duplicate", () -> Safetensors.open(file).close());
  }

  @Test
  void refusesSpaceBeforeTheHeader() throws IOException {
    Path file = safetensors(folder, " {}", 0);
    assertRefused(file, "does not begin with {", () -> Safetensors.open(file).close());
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() throws IOException {
    Path file = safetensors(folder, "{\"?\":1}", 0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[10] = (byte) 0xff;
    Files.write(file, bytes);
    assertRefused(file, "not UTF-8", () -> Safetensors.open(file).close());
  }

  @Test
  void refusesAHeaderLengthBeyondTheFile() throws IOException {
    for (long length : new long[] {3, 1L << 31, 1L << 62, -1, Long.MIN_VALUE, 0, 1}) {
      Path file = safetensors(folder, "{}", 0);
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Files.write(file, bytes);
      assertRefused(
          file,
          "claims a header of " + Long.toUnsignedString(length) + " bytes in a file of 10",
          () -> Safetensors.open(file).close());
    }
  }

  @Test
  void refusesDeepJsonAndLongNames() throws IOException {
    Path deep = safetensors(folder, "{\"a\":".repeat(100_000), 0);
    assertRefused(deep, "unknown property a", () -> Safetensors.open(deep).close());
    Path wide = safetensors(folder, "{\"" + "a".repeat(1_000_000) + "\":1}", 0);
    assertRefused(wide, "not JSON", () -> Safetensors.open(wide).close());
  }

  @Test
  void longHeadersAndManyTensorsAreRefused() throws IOException {
    Path longer = safetensors(folder, "{" + " ".repeat(17 << 20) + "}", 0);
    assertRefused(
        longer,
        "has a header of 17825794 bytes, more than 16777216 bytes (-Ds2f.max-header-bytes)",
        () -> Safetensors.open(longer).close());
    StringBuilder header = new StringBuilder("{\"__metadata__\":{}");
    for (int i = 0; i <= 100_000; i++) {
      header.append(",\"").append(i).append("\":{\"dtype\":\"U8\",\"shape\":[0],");
      header.append("\"data_offsets\":[0,0]}");
    }
    Path many = safetensors(folder, header + "}", 0);
    assertRefused(
        many,
        "has more than 100000 tensors (-Ds2f.max-tensors)",
        () -> Safetensors.open(many).close());
  }

  /** The JVM's own answer is an InternalError. */
  @Test
  void aFileThatIsCutWhileItIsOpenIsRefused() throws IOException {
    int size = 1 << 20;
    Path file =
        safetensors(
            folder,
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[1048576],\"data_offsets\":[0,1048576]}}",
            size);
    try (Safetensors archive = Safetensors.open(file)) {
      assertThat(archive.readBytes("a")).hasSize(size);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      assertRefused(file, "was cut off", () -> archive.read("a"));
      assertRefused(file, "was cut off", () -> archive.readBytes("a"));
    }
  }

  @Test
  void messagesAreOneLineWhateverTheNames() throws IOException {
    Path file = safetensors(folder, "{\"a\\n\\u001b[31m\":1}", 0);
    assertRefused(file, "tensor a [31m is an integer", () -> Safetensors.open(file).close());
  }

  @Test
  void anotherTypeMattersOnlyWhenItsTensorIsWanted() throws IOException {
    String header =
        "{'a':{'dtype':'F8_E4M3','shape':[2,2],'data_offsets':[0,4]},"
            + "'b':{'dtype':'C64','shape':[1],'data_offsets':[4,12]},"
            + "'c':{'dtype':'F32','shape':[1],'data_offsets':[12,16]}}";
    Path path = TestFiles.safetensors(folder, header.replace('\'', '"'), 16);
    try (Safetensors file = Safetensors.open(path)) {
      assertThat(file.read("c").floats()).containsExactly(0);
      assertThat(file.type("a")).isEqualTo(ElementType.OTHER);
      assertThat(file.shape("a")).containsExactly(2, 2);
      assertRefused(path, "tensor a, which has elements of F8_E4M3", () -> file.read("a"));
      assertRefused(path, "tensor b, which has elements of C64", () -> file.readBytes("b"));
    }
  }
}
