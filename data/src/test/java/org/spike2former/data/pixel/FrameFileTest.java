package org.spike2former.data.pixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameFileTest {
  @TempDir private Path folder;

  /** A file as numpy writes it. */
  private Path npy(String type, String shape, byte[] elements) throws IOException {
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    header += " ".repeat((64 - (10 + header.length() + 1) % 64) % 64) + "\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length() & 0xff);
    out.write(header.length() >> 8);
    out.write(header.getBytes(StandardCharsets.US_ASCII));
    out.write(elements);
    return Files.write(folder.resolve("f.npy"), out.toByteArray());
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  @Test
  void anyTypeOfNumberWillDo() throws IOException {
    Frames bytes = FrameFile.read(npy("|u1", "1, 2, 2", new byte[] {1, -1, 0, 7}));
    assertThat(bytes.values()).containsExactly(1, 255, 0, 7);
    assertThat(bytes.channels()).isEqualTo(2);
    Frames integers = FrameFile.read(npy("<i4", "2, 1, 2, 1", ints(1, -2, 3, 4)));
    assertThat(integers.steps()).isEqualTo(2);
    assertThat(integers.values()).containsExactly(1, 3, -2, 4);
    Path written = folder.resolve("w.npy");
    FrameFile.write(written, 2, 1, 2, 1, new float[] {1, -2, 3, 4});
    assertThat(FrameFile.read(written).values()).containsExactly(1, 3, -2, 4);
    FrameFile.write(written, 1, 1, 2, 1, new float[] {1, -2});
    assertThat(FrameFile.read(written).steps()).isEqualTo(1);
  }

  @Test
  void whatIsNoFramesIsRefused() throws IOException {
    assertRefused("|u1", "2, 2", new byte[4], "found [2, 2]");
    assertRefused("|u1", "1, 1, 1, 2, 2", new byte[4], "found [1, 1, 1, 2, 2]");
    assertRefused("|u1", "0, 2, 2", new byte[0], "found [0, 2, 2]");
    assertRefused("|u1", "1, 1, 1025", new byte[1025], "at most 1024 numbers a pixel");
    assertRefused("|u1", "1, 1, 3", new byte[4], "holds 4 bytes of elements");
    assertRefused("<u2", "1, 1, 2", new byte[4], "has elements of type '<u2'");
    int nan = Float.floatToIntBits(Float.NaN);
    assertRefused("<f4", "1, 2, 2", ints(0, 0, 0, nan), "holds NaN at [0, 1, 1]");
    Path text = Files.writeString(folder.resolve("t.npy"), "text");
    assertThatThrownBy(() -> FrameFile.read(text)).hasMessageStartingWith(text + ": ");
    Path none = folder.resolve("none.npy");
    assertThatThrownBy(() -> FrameFile.read(none))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(none.toString());
  }

  private void assertRefused(String type, String shape, byte[] elements, String message)
      throws IOException {
    Path file = npy(type, shape, elements);
    assertThatThrownBy(() -> FrameFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }
}
